//! What is sent: a conversation as the body of a messages request.

use super::{Anthropic, WIRE, claude};
use crate::{
    dialect::Settings,
    placed::{Piece, pieces},
    schema,
    turns::{self, Answer, Conversation, NOTHING, Said, Turn, UNANSWERED, worth_saying},
};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Part},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// The least that a model may be told to think for.
const SHORTEST_THOUGHT: u64 = 1024;
/// How many of the last turns of the person are marked for the cache: one to find what the last request left, one to
/// leave for the next. With the tools and the system text that makes the four marks that a request may have.
const CACHED_TURNS: usize = 2;

/// The body that asks for `request`, in one piece or as a stream.
pub(super) fn request(wire: &Anthropic, request: &Request, settings: &Settings, stream: bool) -> Value {
    let conversation = Conversation::of(&request.messages, WIRE);
    let thinking = wire.thinking.and_then(|budget| thinking(budget, &settings.model, &conversation));
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("model", settings.model.as_str().into());
    set("max_tokens", limit(settings, thinking.as_ref()).into());
    if !conversation.system.is_empty() {
        set("system", json!([text(&conversation.system)]));
    }
    set("messages", conversation.turns.iter().map(turn).collect());
    let stops: Vec<&String> = request.stop.iter().filter(|stop| worth_saying(stop).is_some()).collect();
    if !stops.is_empty() {
        set("stop_sequences", json!(stops));
    }
    let tools = tools(request, &conversation);
    if !tools.is_empty() {
        set("tools", tools.into());
        set("tool_choice", tool_choice(request, thinking.is_some()));
    }
    if let Some(asked) = &request.schema {
        let format = json!({"type": "json_schema", "schema": schema::closed(asked)});
        set("output_config", json!({ "format": format }));
    }
    if let Some(temperature) = settings.temperature
        && thinking.is_none()
        && !claude::decides_itself(&settings.model)
    {
        set("temperature", temperature.into());
    }
    set("thinking", thinking.into());
    if stream {
        set("stream", true.into());
    }
    if wire.caches {
        mark(&mut body);
    }
    settings.complete(body)
}

/// How the model may think. Not at all where the turn that is to go on began without a thought, because another model
/// said it: the service would refuse it.
fn thinking(budget: u64, model: &str, conversation: &Conversation) -> Option<Value> {
    if claude::decides_itself(model) {
        return Some(json!({"type": "adaptive", "display": "summarized"}));
    }
    let last: Vec<Value> = conversation.last_said().iter().flat_map(blocks).collect();
    let is = |block: &Value, kinds: &[&str]| kinds.iter().any(|kind| block["type"] == *kind);
    let calls = last.iter().any(|block| is(block, &["tool_use"]));
    let thought = last.first().is_some_and(|block| is(block, &["thinking", "redacted_thinking"]));
    let enabled = || json!({"type": "enabled", "budget_tokens": budget.max(SHORTEST_THOUGHT)});
    (thought || !calls).then(enabled)
}

/// The limit of the reply. Thoughts count towards it, so a budget for them comes on top of a limit it would eat up.
fn limit(settings: &Settings, thinking: Option<&Value>) -> u64 {
    let limit = settings.max_tokens.unwrap_or_else(|| claude::longest_reply(&settings.model));
    let budget = thinking.and_then(|thinking| thinking.get("budget_tokens")?.as_u64()).unwrap_or(0);
    if limit > budget { limit } else { limit.saturating_add(budget) }
}

/// The tools on offer. A conversation that has calls in it must name their tools, even where no more may be made.
fn tools(request: &Request, conversation: &Conversation) -> Vec<Value> {
    if !request.tools.is_empty() {
        return request.tools.iter().map(tool).collect();
    }
    let said = conversation.turns.iter().flat_map(|turn| match turn {
        Turn::Model(said) => said.as_slice(),
        Turn::Person { .. } => &[],
    });
    let mut names: Vec<String> =
        said.flat_map(Said::calls).map(|(_, call)| turns::plain(&call.name)).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| json!({"name": name, "input_schema": {"type": "object"}})).collect()
}

fn tool(tool: &ToolSpec) -> Value {
    json!({"name": tool.name, "description": tool.description, "input_schema": tool.input})
}

/// Null, and so left out, where the model may choose. One that thinks must be free to.
fn tool_choice(request: &Request, thinks: bool) -> Value {
    match &request.tool_choice {
        _ if request.tools.is_empty() => json!({"type": "none"}),
        ToolChoice::None => json!({"type": "none"}),
        ToolChoice::Required if !thinks => json!({"type": "any"}),
        ToolChoice::Tool(name) if !thinks => json!({"type": "tool", "name": name}),
        _ => Value::Null,
    }
}

fn turn(turn: &Turn) -> Value {
    let (role, mut content): (_, Vec<Value>) = match turn {
        Turn::Person { answers, parts } => {
            let said = parts.iter().filter_map(|said| part(said));
            ("user", answers.iter().map(answer).chain(said).collect())
        }
        Turn::Model(said) => ("assistant", said.iter().flat_map(blocks).collect()),
    };
    if content.is_empty() {
        content.push(text(NOTHING));
    }
    json!({"role": role, "content": content})
}

fn blocks(said: &Said) -> Vec<Value> {
    let whole = said.message.text();
    let calls: Vec<_> = said.calls().collect();
    let block = |piece| {
        match piece {
        Piece::Text(said) => worth_saying(said).map(text),
        Piece::Kept(block) => Some(block.clone()),
        Piece::Call(index) => calls.get(index).map(|(id, call)| {
            json!({"type": "tool_use", "id": id, "name": turns::plain(&call.name), "input": turns::arguments(call)})
        }),
    }
    };
    pieces(said.message, &whole, WIRE).into_iter().filter_map(block).collect()
}

fn answer(answer: &Answer) -> Value {
    let Some(parts) = answer.parts else {
        return json!({"type": "tool_result", "tool_use_id": answer.id, "content": UNANSWERED, "is_error": true});
    };
    let content: Vec<Value> = parts.iter().filter_map(part).collect();
    json!({"type": "tool_result", "tool_use_id": answer.id, "content": content})
}

fn part(part: &Part) -> Option<Value> {
    match part {
        Part::Text(said) => worth_saying(said).map(text),
        Part::Image(media) => Some(json!({"type": "image", "source": source(media)})),
        // A kind of part that this wire has no place for.
        _ => None,
    }
}

fn source(media: &Media) -> Value {
    match (turns::inline(media), media) {
        (Some((mime, base64)), _) => json!({"type": "base64", "media_type": mime, "data": base64}),
        (None, Media::Url(url)) => json!({"type": "url", "url": url}),
        (None, Media::Inline { .. }) => Value::Null,
    }
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

/// Marks what the next request will begin with.
fn mark(body: &mut Map<String, Value>) {
    for field in ["tools", "system"] {
        mark_last(body.get_mut(field));
    }
    let turns = body.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten();
    let persons = turns.filter(|turn| turn["role"] == "user").rev();
    for turn in persons.take(CACHED_TURNS) {
        mark_last(turn.get_mut("content"));
    }
}

fn mark_last(blocks: Option<&mut Value>) {
    let last = blocks.and_then(Value::as_array_mut).and_then(|blocks| blocks.last_mut());
    if let Some(block) = last.and_then(Value::as_object_mut) {
        block.insert("cache_control".to_owned(), json!({"type": "ephemeral"}));
    }
}
