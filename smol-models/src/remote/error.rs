//! Errors a person can act on: what a service said, in short, and what may help.

use serde_json::Value;
use smol_core::model::ModelError;
use std::{error::Error, time::Duration};

/// Letters of a service's own words that an error shows.
const SHOWN: usize = 500;
/// Shorter keys are placeholders for local servers, and would mask half the text.
pub(super) const SHORTEST_SECRET: usize = 8;

/// Why an attempt failed, and whether another may succeed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: ModelError,
    pub(super) retry: Retry,
}

/// When to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    Never,
    /// After a wait that grows with each attempt.
    Soon,
    /// After as long as the service asked for.
    After(Duration),
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self { error, retry: Retry::Never }
    }
}

/// Whether a status speaks of a passing state.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500..=599)
}

/// The error that a body reports, in the shapes that services use: its status, if it names one, and its message.
pub(crate) fn refusal(body: &Value) -> Option<(Option<u16>, String)> {
    // Gemini wraps it in a list.
    let body = body.get(0).unwrap_or(body);
    let error = match body.get("error") {
        None | Some(Value::Null | Value::Bool(false))
            if ["object", "type"].iter().any(|name| body.get(*name).is_some_and(|kind| kind == "error")) =>
        {
            body
        }
        None | Some(Value::Null | Value::Bool(false)) => return None,
        Some(error) => error,
    };
    let message = error.get("message").unwrap_or(error);
    let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
    let status = ["code", "status"].iter().find_map(|name| status(error.get(*name)?));
    Some((status.or_else(|| named_status(error)), shorten(&message)))
}

/// The status that an error's name stands for: Anthropic's `type`, Google's `status`, OpenAI's `code`.
fn named_status(error: &Value) -> Option<u16> {
    ["type", "status", "code"].iter().find_map(|field| status_of(error.get(*field)?.as_str()?))
}

fn status_of(name: &str) -> Option<u16> {
    Some(match name {
        "invalid_request_error" | "INVALID_ARGUMENT" => 400,
        "authentication_error" | "UNAUTHENTICATED" => 401,
        "billing_error" => 402,
        "permission_error" | "PERMISSION_DENIED" => 403,
        "not_found_error" | "NOT_FOUND" => 404,
        "request_too_large" => 413,
        "rate_limit_error" | "rate_limit_exceeded" | "RESOURCE_EXHAUSTED" => 429,
        "api_error" | "server_error" | "INTERNAL" => 500,
        "UNAVAILABLE" => 503,
        "timeout_error" | "DEADLINE_EXCEEDED" => 504,
        "overloaded_error" => 529,
        _ => return None,
    })
}

fn status(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok().filter(|status| (400..600).contains(status))
}

/// What the body of a refused request says.
pub(super) fn message(body: &str) -> String {
    let Ok(json) = serde_json::from_str::<Value>(body) else {
        return html_title(body).unwrap_or_else(|| shorten(body.trim()));
    };
    let bare =
        ["message", "Message", "detail"].iter().find_map(|name| json.get(*name)?.as_str().map(shorten));
    refusal(&json).map(|(_, message)| message).or(bare).unwrap_or_else(|| shorten(body))
}

/// The title, if the text is a web page.
pub(super) fn html_title(body: &str) -> Option<String> {
    let start = body.trim_start().get(..5)?.to_ascii_lowercase();
    if start != "<html" && start != "<!doc" {
        return None;
    }
    let title = body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    Some(title.map_or_else(
        || "a web page".to_owned(),
        |(title, _)| format!("a web page titled `{}`", shorten(title.trim())),
    ))
}

/// The beginning of a text.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The text with `secret` hidden, also where the text was cut inside it.
pub(super) fn hide(text: String, secret: &str) -> String {
    let text = text.replace(secret, "***");
    let mut beginnings =
        secret.char_indices().rev().map(|(end, _)| end).take_while(|end| *end >= SHORTEST_SECRET);
    let cut = beginnings.find_map(|end| {
        let cut = format!("{}…", secret.get(..end)?);
        text.contains(&cut).then_some(cut)
    });
    cut.map_or_else(|| text.clone(), |cut| text.replace(&cut, "***…"))
}

/// What caused an error, at the bottom: the layers above only repeat that there was one.
pub(crate) fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The error with every text of it passed through `mask`.
pub(super) fn masked(error: ModelError, mask: impl Fn(String) -> String) -> ModelError {
    match error {
        ModelError::Unreachable { url, cause } => {
            ModelError::Unreachable { url: mask(url), cause: mask(cause) }
        }
        ModelError::Status { url, status, message, hint } => {
            ModelError::Status { url: mask(url), status, message: mask(message), hint }
        }
        ModelError::Malformed { url, detail, received } => {
            ModelError::Malformed { url: mask(url), detail: mask(detail), received }
        }
        ModelError::Setup { message, hint } => ModelError::Setup { message: mask(message), hint },
        other => other,
    }
}
