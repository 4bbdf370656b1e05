//! What is sent: a conversation as the body of a chat-completions request.

use super::{CALL_EXTRAS, OpenAiChat, WIRE};
use crate::{dialect::Settings, turns};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, ToolCall},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// The body that asks for `request`, in one piece or as a stream.
pub(super) fn request(wire: &OpenAiChat, request: &Request, settings: &Settings, stream: bool) -> Value {
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("model", settings.model.as_str().into());
    set("messages", request.messages.iter().map(|turn| message(wire, turn)).collect());
    if !request.stop.is_empty() && takes_stop(&settings.model) {
        set("stop", json!(request.stop));
    }
    if let Some(schema) = &request.schema {
        set("response_format", response_format(schema));
    }
    if !request.tools.is_empty() {
        set("tools", request.tools.iter().map(tool).collect());
        set("tool_choice", tool_choice(wire, &request.tool_choice));
    }
    if let Some(temperature) = settings.temperature {
        set("temperature", temperature.into());
    }
    if let Some(limit) = settings.max_tokens {
        let field = wire.limit_field.as_deref();
        set(field.unwrap_or_else(|| limit_field(&settings.model)), limit.into());
    }
    if stream {
        set("stream", true.into());
        set("stream_options", json!({"include_usage": true}));
    }
    settings.complete(body)
}

/// Null, and so left out, where the model may choose.
fn tool_choice(wire: &OpenAiChat, choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Tool(name) => json!({"type": "function", "function": {"name": name}}),
        ToolChoice::Required if !wire.refuses_required => "required".into(),
        ToolChoice::None => "none".into(),
        _ => Value::Null,
    }
}

/// Strict only where the schema is closed: services refuse a strict one that leaves room.
fn response_format(schema: &Value) -> Value {
    let strict = schema.get("additionalProperties") == Some(&Value::Bool(false));
    json!({"type": "json_schema", "json_schema": {"name": "reply", "strict": strict, "schema": schema}})
}

fn message(wire: &OpenAiChat, message: &Message) -> Value {
    let mut value = Map::from_iter([("role".to_owned(), role(message.role).into())]);
    value.insert("content".to_owned(), content(wire, message));
    if !message.tool_calls.is_empty() {
        value.insert("tool_calls".to_owned(), message.tool_calls.iter().map(tool_call).collect());
    }
    if let Some(id) = &message.tool_call_id {
        value.insert("tool_call_id".to_owned(), id.as_str().into());
    }
    for part in message.opaque.iter().filter(|part| part.wire == WIRE) {
        bring_back(&mut value, &part.value);
    }
    value.into()
}

/// Puts what the service wants to hear again where it said it.
fn bring_back(message: &mut Map<String, Value>, said: &Value) {
    let Some(said) = said.as_object() else { return };
    for (field, value) in said {
        if field != CALL_EXTRAS {
            message.insert(field.clone(), value.clone());
            continue;
        }
        let calls = message.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten();
        for (call, extra) in calls.zip(value.as_array().into_iter().flatten()) {
            if let (Some(call), false) = (call.as_object_mut(), extra.is_null()) {
                call.insert(CALL_EXTRAS.to_owned(), extra.clone());
            }
        }
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}

/// Plain text stays a string: many servers take a list of parts from none but models that see.
fn content(wire: &OpenAiChat, message: &Message) -> Value {
    let text = message.text();
    if !wire.text_only
        && message
            .content
            .iter()
            .any(|part| matches!(part, Part::Image(_) | Part::Audio(Media::Inline { .. })))
    {
        message.content.iter().filter_map(part).collect()
    } else if text.is_empty() && !message.tool_calls.is_empty() {
        Value::Null
    } else {
        text.into()
    }
}

fn part(part: &Part) -> Option<Value> {
    match part {
        Part::Text(text) => Some(json!({"type": "text", "text": text})),
        Part::Image(Media::Url(url)) => Some(json!({"type": "image_url", "image_url": {"url": url}})),
        Part::Image(Media::Inline { mime, base64 }) => {
            Some(json!({"type": "image_url", "image_url": {"url": format!("data:{mime};base64,{base64}")}}))
        }
        Part::Audio(Media::Inline { mime, base64 }) => {
            let format = if mime == "audio/mpeg" { "mp3" } else { mime.trim_start_matches("audio/") };
            Some(json!({"type": "input_audio", "input_audio": {"data": base64, "format": format}}))
        }
        // A kind of part that this wire has no place for.
        _ => None,
    }
}

fn tool_call(call: &ToolCall) -> Value {
    let arguments = turns::arguments(call).to_string();
    json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}})
}

fn tool(tool: &ToolSpec) -> Value {
    let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.input});
    json!({"type": "function", "function": function})
}

/// Whether a model's service takes stop sequences. Reasoning models of OpenAI and xAI answer 400 to them.
pub(super) fn takes_stop(model: &str) -> bool {
    let name = family(model);
    let refuses = is_release(name, "o3") || is_release(name, "o4") || name.starts_with("gpt-5");
    let grok = name.starts_with("grok-") || name.contains(".grok-");
    is_release(name, "o3-mini") || !(refuses || grok)
}

/// What the limit of the reply is called: OpenAI's reasoning models refuse the name that every other server knows.
fn limit_field(model: &str) -> &'static str {
    if reasons(model) { "max_completion_tokens" } else { "max_tokens" }
}

/// Whether a model of OpenAI's reasons before it answers.
pub(crate) fn reasons(model: &str) -> bool {
    let name = family(model);
    ["o1", "o3", "o4"].iter().any(|release| is_release(name, release)) || name.starts_with("gpt-5")
}

/// The model's name without the owners before it, as in `openrouter/openai/o3`.
fn family(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

/// Whether `name` is `release` or a variant of it: `o3` and `o3-pro` are `o3`, `o30` is not.
fn is_release(name: &str, release: &str) -> bool {
    name.strip_prefix(release).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(messages: Vec<Message>, expect: Value) {
        let settings = Settings { model: "m".into(), ..Settings::default() };
        let body = request(&OpenAiChat::default(), &Request::new(messages), &settings, false);
        assert_eq!(body, json!({"model": "m", "messages": expect}));
    }

    #[test]
    fn messages_take_the_shapes_of_the_wire() {
        let call = |arguments| ToolCall { id: "c1".into(), name: "add".into(), arguments };
        let asks = |arguments, text: &str| Message {
            tool_calls: vec![call(arguments)],
            ..Message::new(Role::Assistant, text)
        };
        let called = |content: Value, arguments: &str| {
            let function = json!({"name": "add", "arguments": arguments});
            json!([{"role": "assistant", "content": content, "tool_calls": [{"id": "c1", "type": "function", "function": function}]}])
        };
        check(
            vec![Message::new(Role::System, "be brief")],
            json!([{"role": "system", "content": "be brief"}]),
        );
        check(vec![Message::new(Role::Assistant, "")], json!([{"role": "assistant", "content": ""}]));
        check(vec![asks(json!({"a": "ü\n"}), "")], called(Value::Null, "{\"a\":\"ü\\n\"}"));
        check(vec![asks(json!({}), "so")], called("so".into(), "{}"));
        check(vec![asks("{broken".into(), "")], called(Value::Null, r#"{"malformed_arguments":"{broken"}"#));
        let reply = Message { tool_call_id: Some("c1".into()), ..Message::new(Role::Tool, "3") };
        check(vec![reply], json!([{"role": "tool", "content": "3", "tool_call_id": "c1"}]));
        let texts = vec![Part::Text("a".into()), Part::Text("b".into())];
        check(
            vec![Message { content: texts, ..Message::new(Role::User, "") }],
            json!([{"role": "user", "content": "a\nb"}]),
        );
    }

    #[test]
    fn a_schema_is_strict_where_it_is_closed() {
        for (schema, strict) in [
            (json!({"type": "object"}), false),
            (json!({"type": "object", "additionalProperties": false}), true),
        ] {
            let mut asked = Request::new(Vec::new());
            asked.schema = Some(schema.clone());
            let body = request(&OpenAiChat::default(), &asked, &Settings::default(), false);
            let expect = json!({"name": "reply", "strict": strict, "schema": schema});
            assert_eq!(body["response_format"], json!({"type": "json_schema", "json_schema": expect}));
        }
    }

    #[test]
    fn recordings_go_as_data_of_a_format() {
        for (mime, format) in [("audio/wav", "wav"), ("audio/mpeg", "mp3")] {
            let sound = Part::Audio(Media::bytes(mime, b"abc"));
            check(
                vec![Message { content: vec![sound], ..Message::new(Role::User, "") }],
                json!([{"role": "user", "content": [
                    {"type": "input_audio", "input_audio": {"data": "YWJj", "format": format}},
                ]}]),
            );
        }
    }

    #[test]
    fn images_go_as_addresses_or_as_data() {
        let inline = Media::Inline { mime: "image/png".into(), base64: "iVBO".into() };
        let far = Media::Url("https://example.org/a.jpg".into());
        let content = vec![Part::Text("look".into()), Part::Image(inline), Part::Image(far)];
        let expect = json!([{"role": "user", "content": [
            {"type": "text", "text": "look"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}},
            {"type": "image_url", "image_url": {"url": "https://example.org/a.jpg"}},
        ]}]);
        check(vec![Message { content, ..Message::new(Role::User, "") }], expect);
    }

    #[test]
    fn settings_and_tools_become_fields() {
        let mut asked = Request::new(vec![]);
        asked.stop = vec!["</code>".into()];
        let mut add = ToolSpec::new("add", "Adds.");
        add.input = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        asked.tools = vec![add];
        let extra = json!({"top_k": 5, "temperature": 0.1, "stream_options": null});
        let settings = Settings {
            model: "m".into(),
            temperature: Some(0.5),
            max_tokens: Some(9),
            extra_body: extra.as_object().cloned().unwrap_or_default(),
        };
        let expect = json!({
            "model": "m", "messages": [], "stop": ["</code>"],
            "tools": [{"type": "function", "function": {"name": "add", "description": "Adds.",
                "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}}],
            "temperature": 0.1, "max_tokens": 9, "stream": true, "top_k": 5,
        });
        assert_eq!(request(&OpenAiChat::default(), &asked, &settings, true), expect);
    }

    #[test]
    fn a_stream_asks_for_its_token_count() {
        let body = request(&OpenAiChat::default(), &Request::new(vec![]), &Settings::default(), true);
        assert_eq!(body["stream_options"], json!({"include_usage": true}));
    }

    #[test]
    fn reasoning_models_get_no_stop_and_another_name_for_the_limit() {
        #[track_caller]
        fn check(model: &str, stop: bool, limit: &str) {
            assert_eq!((takes_stop(model), limit_field(model)), (stop, limit), "{model}");
        }
        check("gpt-4o", true, "max_tokens");
        check("gpt-4.1-mini", true, "max_tokens");
        check("o1-preview", true, "max_completion_tokens");
        check("o3", false, "max_completion_tokens");
        check("o3-2025-04-16", false, "max_completion_tokens");
        check("openai/o3-pro", false, "max_completion_tokens");
        check("o3-mini", true, "max_completion_tokens");
        check("openrouter/openai/o3-mini-2025-01-31", true, "max_completion_tokens");
        check("o4-mini", false, "max_completion_tokens");
        check("gpt-5", false, "max_completion_tokens");
        check("gpt-5.2-codex", false, "max_completion_tokens");
        check("grok-4", false, "max_tokens");
        check("oci/xai.grok-3-mini", false, "max_tokens");
        check("o30", true, "max_tokens");
        check("olmo-3", true, "max_tokens");
        check("gpt-oss-20b", true, "max_tokens");
        check("anthropic/claude-sonnet-4.5", true, "max_tokens");
    }
}
