//! What is sent: a conversation as the body of a generate-content request.

use super::WIRE;
use crate::{
    dialect::Settings,
    placed::{Piece, pieces},
    schema,
    turns::{self, Answer, Conversation, NOTHING, Said, Turn, UNANSWERED, worth_saying},
};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Message, Part},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// How many stop sequences a request may have. The others are looked for in the reply.
const MOST_STOPS: usize = 5;
/// Models of this name take no system text, so it begins what the person says.
const NO_SYSTEM: &str = "gemma-3";
/// What a call of another model's has for a signature, by the word of the service's documentation.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// The body that asks for `request`. The model's name is no part of it, nor is the wish for a stream.
pub(super) fn request(request: &Request, settings: &Settings) -> Value {
    let conversation = Conversation::of(&request.messages, WIRE);
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    let signed = wants_signatures(&settings.model);
    let mut contents: Vec<Value> = conversation.turns.iter().map(|turn| content(turn, signed)).collect();
    if !conversation.system.is_empty() {
        let system = json!({"text": conversation.system});
        let first = contents.first_mut().and_then(|turn| turn.get_mut("parts")?.as_array_mut());
        match first.filter(|_| settings.model.contains(NO_SYSTEM)) {
            Some(parts) => parts.insert(0, system),
            None => drop(set("systemInstruction", json!({ "parts": [system] }))),
        }
    }
    set("contents", contents.into());
    if !request.tools.is_empty() {
        let tools: Vec<Value> = request.tools.iter().map(tool).collect();
        set("tools", json!([{ "functionDeclarations": tools }]));
        set("toolConfig", tool_config(&request.tool_choice));
    }
    let mut settings = settings.clone();
    let further = settings.extra_body.remove("generationConfig");
    let mut config = generation_config(request, &settings);
    config.extend(further.as_ref().and_then(Value::as_object).cloned().unwrap_or_default());
    config.retain(|_, value| !value.is_null());
    if !config.is_empty() {
        set("generationConfig", config.into());
    }
    settings.complete(body)
}

fn generation_config(request: &Request, settings: &Settings) -> Map<String, Value> {
    let mut config = Map::new();
    let mut set = |name: &str, value: Value| config.insert(name.to_owned(), value);
    let stops: Vec<&String> = request.stop.iter().filter(|stop| !stop.is_empty()).take(MOST_STOPS).collect();
    if !stops.is_empty() {
        set("stopSequences", json!(stops));
    }
    set("maxOutputTokens", settings.max_tokens.into());
    set("temperature", settings.temperature.into());
    if let Some(asked) = &request.schema {
        set("responseMimeType", "application/json".into());
        set("responseJsonSchema", schema::gemini(asked));
    }
    config
}

/// A function without parameters has no schema: an empty one is refused.
fn tool(tool: &ToolSpec) -> Value {
    let mut declared = json!({"name": tool.name, "description": tool.description});
    let parameters = tool.input.get("properties").and_then(Value::as_object);
    if parameters.is_some_and(|parameters| !parameters.is_empty())
        && let Some(fields) = declared.as_object_mut()
    {
        fields.insert("parametersJsonSchema".to_owned(), schema::gemini(&tool.input));
    }
    declared
}

/// Null, and so left out, where the model may choose.
fn tool_config(choice: &ToolChoice) -> Value {
    let config = match choice {
        ToolChoice::Required => json!({"mode": "ANY"}),
        ToolChoice::Tool(name) => json!({"mode": "ANY", "allowedFunctionNames": [name]}),
        ToolChoice::None => json!({"mode": "NONE"}),
        _ => return Value::Null,
    };
    json!({ "functionCallingConfig": config })
}

/// Whether the model refuses a conversation whose calls are not signed, as all do since the third generation.
fn wants_signatures(model: &str) -> bool {
    let number =
        model.split_once("gemini-").map(|(_, rest)| rest.split(['-', '.']).next().unwrap_or_default());
    number.and_then(|number| number.parse::<u32>().ok()).is_some_and(|generation| generation >= 3)
}

fn content(turn: &Turn, signed: bool) -> Value {
    let (role, mut parts): (_, Vec<Value>) = match turn {
        Turn::Person { answers, parts } => {
            let shown = answers.iter().flat_map(|answer| answer.parts.unwrap_or_default());
            let shown = shown.filter(|part| !matches!(part, Part::Text(_)));
            let said = shown.chain(parts.iter().copied()).filter_map(part);
            ("user", answers.iter().map(answer).chain(said).collect())
        }
        Turn::Model(said) => ("model", said.iter().flat_map(said_parts).collect()),
    };
    if parts.is_empty() {
        parts.push(json!({"text": NOTHING}));
    }
    if signed {
        sign_first(&mut parts);
    }
    json!({"role": role, "parts": parts})
}

/// The first of the calls made together carries the signature.
fn sign_first(parts: &mut [Value]) {
    let first = parts.iter_mut().find(|part| part.get("functionCall").is_some());
    if let Some(part) = first.and_then(Value::as_object_mut) {
        part.entry("thoughtSignature").or_insert(NO_SIGNATURE.into());
    }
}

fn said_parts(said: &Said) -> Vec<Value> {
    let whole = said.message.text();
    let calls: Vec<_> = said.calls().collect();
    let part = |piece| match piece {
        Piece::Text(text) => worth_saying(text).map(|text| json!({ "text": text })),
        Piece::Kept(part) => part.get("call").is_none().then(|| part.clone()),
        Piece::Call(index) => calls.get(index).map(|(id, call)| {
            let asked = json!({"id": id, "name": turns::plain(&call.name), "args": turns::arguments(call)});
            match signature(said.message, index) {
                Some(signature) => json!({"functionCall": asked, "thoughtSignature": signature}),
                None => json!({ "functionCall": asked }),
            }
        }),
    };
    pieces(said.message, &whole, WIRE).into_iter().filter_map(part).collect()
}

/// The signature that came with the call of this index.
fn signature(message: &Message, index: usize) -> Option<&Value> {
    let mut parts = message.opaque.iter().filter(|part| part.wire == WIRE);
    let part = parts.find(|part| part.value.pointer("/part/call") == Some(&index.into()))?;
    part.value.pointer("/part/thoughtSignature")
}

fn answer(answer: &Answer) -> Value {
    let response = match answer.parts {
        Some(parts) => json!({"output": turns::text(parts)}),
        None => json!({"error": UNANSWERED}),
    };
    let name = turns::plain(&answer.call.name);
    json!({"functionResponse": {"id": answer.id, "name": name, "response": response}})
}

fn part(part: &Part) -> Option<Value> {
    match part {
        Part::Text(said) => worth_saying(said).map(|text| json!({ "text": text })),
        Part::Image(media) => Some(data(media, "image/jpeg")),
        Part::Audio(media) => Some(data(media, "audio/mpeg")),
        Part::Video(media) => Some(data(media, "video/mp4")),
        // A kind of part that came later than this code.
        _ => None,
    }
}

/// `usual` is the media type of an address that tells none.
fn data(media: &Media, usual: &str) -> Value {
    match (turns::inline(media), media) {
        (Some((mime, base64)), _) => json!({"inlineData": {"mimeType": mime, "data": base64}}),
        (None, Media::Url(url)) => {
            json!({"fileData": {"mimeType": media_type(url).unwrap_or(usual), "fileUri": url}})
        }
        (None, Media::Inline { .. }) => Value::Null,
    }
}

/// The media type that the end of an address tells.
fn media_type(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match extension.as_str() {
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "heic" => "image/heic",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" => "audio/ogg",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        _ => return None,
    })
}
