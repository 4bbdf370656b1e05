//! Reads bodies and events as a wire does, without a server.

use serde_json::Value;
use smol_core::model::Delta;
use smol_models::{
    dialect::{Dialect, Heard, WireError},
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
