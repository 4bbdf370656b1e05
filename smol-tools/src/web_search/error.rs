//! Why there are no results, for the model to read. No error tells a key.

use super::Engine;
use crate::{fetch::FetchError, text::one_line};
use reqwest::StatusCode;
use serde_json::Value;

/// The most characters of what an engine says about its refusal.
const MAX_MESSAGE: usize = 300;

#[derive(Debug, thiserror::Error)]
pub(super) enum SearchError {
    #[error("`{url}` is not an address to search at: {cause}")]
    BaseUrl { url: String, cause: url::ParseError },
    #[error(
        "the search engine `{engine}` needs a key, and this tool has none\n\nhint: whoever runs this agent can set `{variable}`; go on without searching"
    )]
    NoKey { engine: Engine, variable: &'static str },
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("the search engine `{engine}` answered {status}{}{}", said(.message), status_hint(*.status))]
    Refused { engine: Engine, status: StatusCode, message: String },
    #[error(
        "the search engine's answer could not be read: {cause}\n\nhint: try once more, or visit a page that you know"
    )]
    Unreadable { cause: String },
    #[error("nothing was found for `{query}`\n\nhint: search for fewer or more common words")]
    NoResult { query: String },
    #[error(
        "the search engine takes this for a robot and wants a puzzle solved\n\nhint: wait a minute before the next search"
    )]
    Challenge,
}

impl SearchError {
    /// `body` may say why, in one of the usual places.
    pub(super) fn refused(engine: Engine, status: StatusCode, body: &str) -> Self {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let places = ["/error/message", "/error/detail", "/detail/error", "/detail", "/message", "/error"];
        let message = places.iter().find_map(|place| body.pointer(place)?.as_str()).unwrap_or_default();
        let message = one_line(message).chars().take(MAX_MESSAGE).collect();
        Self::Refused { engine, status, message }
    }
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

fn status_hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => "\n\nhint: its key is refused, so searching again will not help; go on without it",
        402 | 432 | 433 => {
            "\n\nhint: its quota is used up, so searching again will not help; go on without it"
        }
        429 => "\n\nhint: there were too many searches; wait a minute before the next one",
        500.. => "\n\nhint: it has trouble of its own; try once more",
        _ => "",
    }
}
