//! One reply as every wire writes it: at once, and in pieces.

pub(super) mod anthropic;
#[cfg(feature = "bedrock")]
pub(super) mod bedrock;
pub(super) mod cohere;
pub(super) mod gemini;
pub(super) mod ollama;
pub(super) mod openai;
pub(super) mod responses;

use super::{
    super::arbitrary::{Result, Unstructured},
    conversations, gather, hear, wires,
};
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role, TokenUsage},
    model::{Reply, Request, StopReason},
    tool::ToolSpec,
};
use smol_models::{dialect::Settings, sse::Event};

/// What a model said.
pub(crate) enum Block {
    Text(String),
    /// A thought, which is signed.
    Thought(String),
    Call(Value),
}

/// Cuts a text into pieces.
type Cut<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<String>>;

/// How a wire writes a reply.
#[derive(Clone, Copy)]
pub(super) struct Written {
    /// Tokens of the prompt that it says come from a cache.
    cached: u64,
    whole: fn(&[Block]) -> Value,
    events: fn(&[Block], Cut) -> Result<Vec<Event>>,
    /// What of a body, whole or sent back, is no text, in its order.
    kept: fn(&Value) -> Vec<Value>,
}

pub(super) fn check(source: &mut Unstructured) -> Result<()> {
    let blocks = blocks(source)?;
    for wire in wires() {
        let (written, wire) = (wire.replies, wire.dialect.as_ref());
        let whole = (written.whole)(&blocks);
        let events = (written.events)(&blocks, &mut |text| cut(text, source))?;
        let at_once = gather(wire.response(&whole).expect("the body is a reply"));
        let in_pieces = gather(hear(wire, &events).expect("the events are a reply"));
        assert_eq!(at_once, in_pieces, "{whole}\n{events:?}");
        says(&at_once, &blocks, written.cached);
        let said = Message {
            tool_calls: at_once.tool_calls,
            opaque: at_once.opaque,
            ..Message::new(Role::Assistant, at_once.text)
        };
        let mut request = Request::new(vec![Message::new(Role::User, "a"), said]);
        // Some services hear of calls only where tools are on offer.
        request.tools.push(ToolSpec::new("f", "Does it."));
        let settings = Settings { max_tokens: Some(100), ..Settings::default() };
        let sent = wire.request(&request, &settings, false).expect("a request can be made");
        assert_eq!((written.kept)(&sent), (written.kept)(&whole), "what must go back goes back in its order");
    }
    Ok(())
}

fn says(reply: &Reply, blocks: &[Block], cached_tokens: u64) {
    let texts = blocks.iter().map(|block| if let Block::Text(text) = block { text } else { "" });
    let thoughts = blocks.iter().map(|block| if let Block::Thought(text) = block { text } else { "" });
    let calls =
        blocks.iter().filter_map(|block| if let Block::Call(input) = block { Some(input) } else { None });
    assert_eq!(reply.text, texts.collect::<String>());
    assert_eq!(reply.reasoning, thoughts.collect::<String>());
    assert!(reply.tool_calls.iter().map(|call| &call.arguments).eq(calls.clone()));
    let stop = if calls.count() > 0 { StopReason::ToolCalls } else { StopReason::End };
    assert_eq!(
        (&reply.stop, reply.usage),
        (&stop, Some(TokenUsage { cached_tokens, ..TokenUsage::new(10, 5) }))
    );
}

fn blocks(source: &mut Unstructured) -> Result<Vec<Block>> {
    let count = source.int_in_range(0..=5)?;
    let block = |_| {
        Ok(match source.int_in_range(0..=2)? {
            0 => Block::Text(conversations::text(source)?),
            1 => Block::Thought(conversations::text(source)?),
            _ => Block::Call(json!({"x": conversations::text(source)?})),
        })
    };
    (0..count).map(block).collect()
}

fn cut(text: &str, source: &mut Unstructured) -> Result<Vec<String>> {
    let mut pieces = vec![String::new()];
    for letter in text.chars() {
        if source.arbitrary()? {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("there is a piece").push(letter);
    }
    Ok(pieces)
}

/// Events as most services send them.
fn unnamed(events: Vec<Value>) -> Vec<Event> {
    events.iter().map(|event| Event { name: String::new(), data: event.to_string() }).collect()
}

fn calls(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| matches!(block, Block::Call(_)))
}

fn kept(list: Option<&Value>, is_kept: fn(&&Value) -> bool) -> Vec<Value> {
    list.and_then(Value::as_array).into_iter().flatten().filter(is_kept).cloned().collect()
}
