//! Asks an `llmock` server over every wire that it serves, while it breaks each reply in a way of its own, and shows what
//! came of it beside llmock's verdict on us. `cargo xtask it llmock` starts the server and runs this.
//!
//! `llmock URL`

#![expect(clippy::print_stdout, reason = "a check prints what it found")]

use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role},
    model::{Model, ModelError, Reply, Request, complete},
    tool::ToolSpec,
};
use smol_models::{
    anthropic::AnthropicModel, cohere::CohereModel, gemini::GeminiModel, openai::OpenAiModel,
    responses::ResponsesModel,
};
use std::env;

type Outcome = Result<Reply, ModelError>;

/// A way to break a reply, and whether what came of it is right.
type Fault = (&'static str, &'static str, fn(&Outcome) -> bool);

const FAULTS: [Fault; 8] = [
    ("nothing", "null", Outcome::is_ok),
    ("429, wait 1 s", r#"{"type": "fail", "status": 429, "retry_after": 1}"#, Outcome::is_ok),
    ("529", r#"{"type": "fail", "status": 529}"#, Outcome::is_ok),
    ("400", r#"{"type": "fail", "status": 400}"#, refused),
    ("disconnect", r#"{"type": "stream_fault", "kind": "disconnect", "after_chunks": AFTER}"#, cut),
    ("truncate", r#"{"type": "stream_fault", "kind": "truncate", "after_chunks": AFTER}"#, cut),
    ("malformed", r#"{"type": "stream_fault", "kind": "malformed", "after_chunks": AFTER}"#, cut),
    ("slow", r#"{"type": "slow_first_token", "seconds": 1}"#, Outcome::is_ok),
];

/// The same for tool calls.
const TOOL_FAULTS: [Fault; 3] = [
    ("tool call", "null", |outcome| calls(outcome, |name, arguments| name == "add" && arguments.is_object())),
    ("malformed arguments", r#"{"type": "tool_fault", "kind": "malformed_arguments"}"#, malformed),
    ("unknown tool", r#"{"type": "tool_fault", "kind": "unknown_tool"}"#, |outcome| {
        calls(outcome, |name, _| name != "add")
    }),
];

fn refused(outcome: &Outcome) -> bool {
    matches!(outcome, Err(ModelError::Status { status: 400, .. }))
}

fn cut(outcome: &Outcome) -> bool {
    matches!(outcome, Err(ModelError::Malformed { .. }))
}

/// On Gemini's wire arguments are no text, so nothing is left of those that are broken.
fn malformed(outcome: &Outcome) -> bool {
    calls(outcome, |_, arguments| arguments.is_string() || *arguments == json!({}))
}

fn calls(outcome: &Outcome, check: fn(&str, &Value) -> bool) -> bool {
    let reply = outcome.as_ref().ok();
    reply.and_then(|reply| reply.tool_calls.first()).is_some_and(|call| check(&call.name, &call.arguments))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::args().nth(1).ok_or("usage: llmock URL")?;
    let at = |path: &str| format!("{url}{path}");
    let models: [(&str, Box<dyn Model>); 6] = [
        ("openai", Box::new(OpenAiModel::new("gpt-4o").api_base(at("/v1")).api_key("sk-check"))),
        ("responses", Box::new(ResponsesModel::new("gpt-4o").api_base(at("/v1")).api_key("sk-check"))),
        (
            "groq",
            Box::new(
                OpenAiModel::new("llama-3.3-70b-versatile")
                    .api_base(at("/groq/openai/v1"))
                    .api_key("sk-check"),
            ),
        ),
        (
            "anthropic",
            Box::new(
                AnthropicModel::new("claude-sonnet-4-5").api_base(at("/anthropic/v1")).api_key("sk-check"),
            ),
        ),
        (
            "gemini",
            Box::new(GeminiModel::new("gemini-2.5-flash").api_base(at("/gemini/v1beta")).api_key("sk-check")),
        ),
        (
            "cohere",
            Box::new(CohereModel::new("command-a-03-2025").api_base(at("/cohere/v2")).api_key("sk-check")),
        ),
    ];
    let client = reqwest::Client::new();
    let mut wrong = 0;
    for (wire, model) in &models {
        for (fault, behaviour, is_right) in FAULTS.into_iter().chain(TOOL_FAULTS) {
            // The first events of this wire say nothing yet, and what has said nothing is asked again.
            let after = if *wire == "responses" { "6" } else { "3" };
            plan(&client, &url, &behaviour.replace("AFTER", after)).await?;
            let is_tool = TOOL_FAULTS.iter().any(|(name, ..)| *name == fault);
            let outcome = complete(model.as_ref(), request(fault, is_tool)).await;
            if cut(&outcome) {
                // As a run does that is carried on: what was cut is asked again, from the start.
                complete(model.as_ref(), request(fault, is_tool)).await?;
            }
            let verdict = if is_right(&outcome) { "right" } else { "WRONG" };
            wrong += usize::from(verdict == "WRONG");
            println!("{wire:<10} {fault:<20} {verdict}  {}", shown(&outcome));
        }
    }
    let verdict = client.get(at("/_llmock/verdict?format=text")).send().await?.text().await?;
    println!("\nllmock's verdict on us:\n{verdict}");
    if wrong > 0 { Err(format!("{wrong} outcomes are wrong").into()) } else { Ok(()) }
}

async fn plan(
    client: &reqwest::Client,
    url: &str,
    behaviour: &str,
) -> Result<(), Box<dyn std::error::Error>> {
    let behaviour: Value = serde_json::from_str(behaviour)?;
    client.delete(format!("{url}/_llmock/scenario")).send().await?.error_for_status()?;
    if !behaviour.is_null() {
        let body = json!({"behaviors": [behaviour]});
        client.post(format!("{url}/_llmock/scenario")).json(&body).send().await?.error_for_status()?;
    }
    Ok(())
}

/// Each is a request of its own: llmock takes the same one for another attempt.
fn request(fault: &str, offers_tool: bool) -> Request {
    let text = format!("What is 1 + 2, with {fault}? Say why, at some length.");
    let mut request = Request::new(vec![Message::new(Role::User, text)]);
    if offers_tool {
        let mut add = ToolSpec::new("add", "Adds two numbers.");
        let number = json!({"type": "integer", "description": "A number."});
        add.input =
            json!({"type": "object", "properties": {"a": number, "b": number}, "required": ["a", "b"]});
        request.tools = vec![add];
    }
    request
}

fn shown(outcome: &Outcome) -> String {
    let text = match outcome {
        Ok(reply) => reply
            .tool_calls
            .first()
            .map_or_else(|| format!("{:?}", reply.text), |call| format!("{}({})", call.name, call.arguments)),
        Err(error) => error.to_string(),
    };
    text.lines().next().unwrap_or_default().chars().take(90).collect()
}
