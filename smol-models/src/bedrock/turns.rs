//! Brings any conversation into the form that the service insists on.
//!
//! The user begins; user and model take turns; no text is blank; a turn that calls tools is followed by one that starts
//! with the result of each, and no result stands anywhere else; ids and names keep to an alphabet. A conversation that an
//! agent shortened, or that began with another wire, keeps to none of this.

use super::WIRE;
use crate::remote::shorten;
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, ToolCall},
    model::ModelError,
};
use std::collections::HashSet;

/// The longest name and id.
const LONGEST_NAME: usize = 64;
/// What opens a conversation that the model would have opened.
const OPENING: &str = "Begin.";

/// The conversation so far.
#[derive(Debug, Default)]
pub(super) struct Turns {
    turns: Vec<Turn>,
    /// Calls of the last turn that have no result yet: their ids, and what the ids are on the wire.
    open: Vec<(String, String)>,
    used_ids: HashSet<String>,
    /// Tools are on offer. Without, the service refuses blocks that speak of them, and they are told as text.
    has_tools: bool,
}

#[derive(Debug)]
struct Turn {
    role: &'static str,
    /// Results come before all else.
    results: Vec<Value>,
    blocks: Vec<Value>,
}

impl Turns {
    pub(super) fn new(has_tools: bool) -> Self {
        Self { has_tools, ..Self::default() }
    }

    /// Adds a message. Rules have a place of their own and are none.
    pub(super) fn push(&mut self, message: &Message) -> Result<(), ModelError> {
        match message.role {
            Role::System => {}
            Role::User => {
                let blocks = blocks(&message.content)?;
                self.add("user", Vec::new(), blocks);
            }
            Role::Assistant => self.assistant(message)?,
            Role::Tool => self.result(message)?,
        }
        Ok(())
    }

    /// The list of turns.
    pub(super) fn finish(mut self) -> Value {
        self.close();
        if self.turns.first().is_none_or(|turn| turn.role != "user") {
            let blocks = vec![json!({ "text": OPENING })];
            self.turns.insert(0, Turn { role: "user", results: Vec::new(), blocks });
        }
        let turn =
            |Turn { role, results, blocks }| json!({"role": role, "content": [results, blocks].concat()});
        self.turns.into_iter().map(turn).collect()
    }

    fn add(&mut self, role: &'static str, results: Vec<Value>, blocks: Vec<Value>) {
        match self.turns.last_mut().filter(|last| last.role == role) {
            _ if results.is_empty() && blocks.is_empty() => {}
            Some(last) => {
                last.results.extend(results);
                last.blocks.extend(blocks);
            }
            None => self.turns.push(Turn { role, results, blocks }),
        }
    }

    fn assistant(&mut self, message: &Message) -> Result<(), ModelError> {
        self.close();
        let texts: Vec<Part> =
            message.content.iter().filter(|part| matches!(part, Part::Text(_))).cloned().collect();
        let mut said = blocks(&texts)?;
        said.extend(message.tool_calls.iter().map(|call| self.call(call)));
        // Thoughts alone are refused.
        if !said.is_empty() {
            let thoughts =
                message.opaque.iter().filter(|part| part.wire == WIRE).map(|part| part.value.clone());
            self.add("assistant", Vec::new(), thoughts.chain(said).collect());
        }
        Ok(())
    }

    fn call(&mut self, call: &ToolCall) -> Value {
        if !self.has_tools {
            return json!({"text": format!("I call the tool `{}` with {}", call.name, call.arguments)});
        }
        let id = self.fresh_id(&call.id);
        self.open.push((call.id.clone(), id.clone()));
        // Only objects are taken. What the model got wrong must not end the run, so it goes back wrapped.
        let input = match &call.arguments {
            Value::Object(_) => call.arguments.clone(),
            wrong => json!({"malformed_arguments": wrong}),
        };
        json!({"toolUse": {"toolUseId": id, "name": spelled(&call.name, "_-"), "input": input}})
    }

    fn result(&mut self, message: &Message) -> Result<(), ModelError> {
        let id = message.tool_call_id.as_deref().unwrap_or_default();
        let mut content = blocks(&message.content)?;
        content.retain(|block| block.get("audio").is_none());
        let call = self.open.iter().position(|(open, _)| open == id);
        match call.map(|place| self.open.remove(place)) {
            Some((_, id)) => self.add("user", vec![result(&id, content)], Vec::new()),
            None => {
                let says = json!({"text": format!("The call `{id}` of a tool gave:")});
                self.add("user", Vec::new(), [vec![says], content].concat());
            }
        }
        Ok(())
    }

    /// Answers the calls that nobody did.
    fn close(&mut self) {
        for (_, id) in std::mem::take(&mut self.open) {
            self.add("user", vec![result(&id, Vec::new())], Vec::new());
        }
    }

    /// The id, or one like it if it was used before: other wires number their calls anew in each turn.
    fn fresh_id(&mut self, id: &str) -> String {
        let id = spelled(id, "_.:-");
        let stem = id.get(..LONGEST_NAME - 8).unwrap_or(&id);
        let others = (1..=self.used_ids.len()).map(|number| format!("{stem}-{number}"));
        let fresh = std::iter::once(id.clone()).chain(others).find(|id| !self.used_ids.contains(id));
        let fresh = fresh.unwrap_or_else(|| id.clone());
        self.used_ids.insert(fresh.clone());
        fresh
    }
}

/// A result must say something.
fn result(id: &str, mut content: Vec<Value>) -> Value {
    if content.is_empty() {
        content.push(json!({"text": "no output"}));
    }
    json!({"toolResult": {"toolUseId": id, "content": content}})
}

/// The name in letters, digits and what else is allowed.
fn spelled(name: &str, also: &str) -> String {
    let allowed = |letter: &char| letter.is_ascii_alphanumeric() || also.contains(*letter);
    let letters = name.chars().map(|letter| if allowed(&letter) { letter } else { '_' });
    let name: String = letters.take(LONGEST_NAME).collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// The parts as blocks, without blank texts.
fn blocks(parts: &[Part]) -> Result<Vec<Value>, ModelError> {
    let block = |part: &Part| match part {
        Part::Text(text) if text.trim().is_empty() => None,
        Part::Text(text) => Some(Ok(json!({ "text": text }))),
        Part::Image(media) => Some(media_block("image", media)),
        Part::Audio(media) => Some(media_block("audio", media)),
        Part::Video(media) => Some(media_block("video", media)),
        _ => None,
    };
    parts.iter().filter_map(block).collect()
}

/// A block of bytes, or of where they lie in S3: the service fetches nothing else.
fn media_block(kind: &str, media: &Media) -> Result<Value, ModelError> {
    let inline = |mime: &str, base64: &str| {
        let format = mime.split(';').next().unwrap_or(mime).rsplit('/').next().unwrap_or(mime);
        json!({kind: {"format": format_name(kind, format), "source": {"bytes": base64}}})
    };
    match media {
        Media::Inline { mime, base64 } => Ok(inline(mime, base64)),
        Media::Url(url) => match url.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
            Some((mime, base64)) => Ok(inline(mime, base64)),
            None if url.starts_with("s3://") => {
                let ending = url.rsplit('.').next().unwrap_or_default().to_lowercase();
                Ok(
                    json!({kind: {"format": format_name(kind, &ending), "source": {"s3Location": {"uri": url}}}}),
                )
            }
            None => Err(ModelError::Setup {
                message: format!(
                    "the {kind} at `{}` cannot be sent: Bedrock fetches only from S3",
                    shorten(url)
                ),
                hint: "save it in a file and give the path of that, or an address such as `s3://bucket/key`"
                    .to_owned(),
            }),
        },
    }
}

/// What the service calls a format that is called so elsewhere.
fn format_name<'a>(kind: &str, name: &'a str) -> &'a str {
    match (kind, name.strip_prefix("x-").unwrap_or(name)) {
        ("image", "jpg") => "jpeg",
        ("audio", "mpeg") => "mp3",
        ("audio", "vnd.wave" | "wave") => "wav",
        ("video", "quicktime") => "mov",
        ("video", "ms-wmv") => "wmv",
        ("video", "3gpp" | "3gp") => "three_gp",
        (_, "matroska") => "mkv",
        (_, name) => name,
    }
}
