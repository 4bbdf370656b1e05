//! What must hold of every wire, whatever a service says and whatever was said before. The fuzz target checks it too.
//!
//! Noise makes no reader panic and no call appear out of order. One reply, whole or in pieces of any size, reads the
//! same. Any conversation gives a body that keeps the service's rules, and what must go back goes back in its place.

mod conversations;
#[cfg(feature = "bedrock")]
mod frames;
mod noise;
mod replies;
mod rules;

use super::arbitrary::{Result, Unstructured};
use serde_json::Value;
use smol_core::model::{Delta, Reply};
use smol_models::{
    anthropic::Anthropic,
    azure::AzureOpenAi,
    cohere::CohereChat,
    dialect::{Dialect, Heard, WireError},
    gemini::Gemini,
    ollama::OllamaChat,
    openai::OpenAiChat,
    responses::Responses,
    sse::Event,
};

/// A wire and what is known of it.
struct Wire {
    dialect: Box<dyn Dialect>,
    /// A reply as a whole body and as events.
    replies: replies::Written,
    /// What the service checks of a body.
    rules: fn(&Value),
}

fn wires() -> Vec<Wire> {
    vec![
        wire(OpenAiChat::default(), replies::openai::WRITTEN, rules::openai),
        wire(AzureOpenAi::default(), replies::openai::WRITTEN, rules::openai),
        wire(CohereChat, replies::cohere::WRITTEN, rules::cohere),
        wire(OllamaChat, replies::ollama::WRITTEN, rules::ollama),
        #[cfg(feature = "bedrock")]
        wire(
            smol_models::bedrock::BedrockConverse::new("us-east-1").prompt_caching(true),
            replies::bedrock::WRITTEN,
            rules::bedrock,
        ),
        wire(Anthropic::default(), replies::anthropic::WRITTEN, rules::anthropic),
        wire(Gemini, replies::gemini::WRITTEN, rules::gemini),
        wire(Responses, replies::responses::WRITTEN, rules::responses),
    ]
}

fn wire(dialect: impl Dialect, replies: replies::Written, rules: fn(&Value)) -> Wire {
    Wire { dialect: Box::new(dialect), replies, rules }
}

/// Makes something and checks it on every wire.
pub(crate) fn check_any(source: &mut Unstructured) -> Result<()> {
    match source.int_in_range(0..=2)? {
        0 => noise::check(source),
        1 => replies::check(source),
        _ => conversations::check(source),
    }
}

/// All deltas of a stream of these events.
fn hear(wire: &dyn Dialect, events: &[Event]) -> std::result::Result<Vec<Delta>, WireError> {
    let mut reader = wire.events();
    let mut heard = Vec::new();
    for event in events {
        match reader.event(event)? {
            Heard::Deltas(deltas) => heard.extend(deltas),
            Heard::Over => break,
        }
    }
    Ok(heard)
}

fn gather(deltas: Vec<Delta>) -> Reply {
    let mut reply = Reply::default();
    deltas.into_iter().for_each(|delta| reply.push(delta));
    reply.finish()
}
