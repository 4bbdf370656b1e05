//! Reads bodies and events as a wire does, without a server.

use serde_json::Value;
use smol_core::model::{Delta, Reply, Request};
use smol_models::{
    dialect::{Dialect, Heard, Settings, WireError},
    sse::Event,
};

/// All deltas of a stream of these events.
#[track_caller]
pub(crate) fn hear(wire: &dyn Dialect, events: &[Value]) -> Vec<Delta> {
    let mut reader = wire.events();
    let mut heard = Vec::new();
    for event in events {
        match reader.event(&Event { name: String::new(), data: event.to_string() }).unwrap() {
            Heard::Deltas(deltas) => heard.extend(deltas),
            Heard::Over => break,
        }
    }
    heard
}

/// The deltas of one event's data.
pub(crate) fn hear_one(wire: &dyn Dialect, data: &str) -> Result<Vec<Delta>, WireError> {
    let event = Event { name: String::new(), data: data.to_owned() };
    wire.events().event(&event).map(|heard| match heard {
        Heard::Deltas(deltas) => deltas,
        Heard::Over => Vec::new(),
    })
}

/// The deltas of a whole reply's body.
pub(crate) fn reply(wire: &dyn Dialect, body: &Value) -> Result<Vec<Delta>, WireError> {
    wire.response(body)
}

/// The body of a request.
#[track_caller]
pub(crate) fn sent(wire: &dyn Dialect, request: &Request, settings: &Settings, stream: bool) -> Value {
    wire.request(request, settings, stream).unwrap()
}

/// The body that asks the model of this name for a stream, with these further fields.
pub(crate) fn body(wire: &dyn Dialect, request: &Request, model: &str, further: Value) -> Value {
    let settings = Settings {
        model: model.to_owned(),
        temperature: request.temperature,
        max_tokens: request.max_tokens,
        extra_body: further.as_object().cloned().unwrap_or_default(),
    };
    wire.request(request, &settings, true).unwrap()
}

/// The whole reply that deltas make.
pub(crate) fn whole(deltas: Vec<Delta>) -> Reply {
    let mut reply = Reply::default();
    deltas.into_iter().for_each(|delta| reply.push(delta));
    reply.finish()
}
