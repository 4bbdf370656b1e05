//! Engines that answer in JSON, for a key. They differ in how the question is written, and in what their answers call
//! things.

use super::{Engine, SearchResult, engine::Question, error::SearchError};
use crate::html;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// More than this Brave does not give at once.
const MOST_OF_BRAVE: usize = 20;

/// Wire formats as documented at serper.dev, serpapi.com/search-api, api-dashboard.search.brave.com, docs.exa.ai and
/// docs.tavily.com.
pub(super) fn request(engine: Engine, client: &Client, question: &Question<'_>) -> RequestBuilder {
    let &Question { query, max_results, year, base, key } = question;
    let key = key.map(SecretString::expose_secret).unwrap_or_default();
    let with = |pairs: &[(&str, &str)]| {
        let mut url = base.clone();
        url.query_pairs_mut().extend_pairs(pairs);
        client.get(url)
    };
    let count = max_results.min(MOST_OF_BRAVE).to_string();
    // Google's own word for a span of days.
    let span = year.map(|year| format!("cdr:1,cd_min:01/01/{year},cd_max:12/31/{year}"));
    match engine {
        Engine::SerpApi => {
            let mut pairs = vec![("engine", "google"), ("q", query), ("num", &count), ("api_key", key)];
            pairs.extend(span.as_deref().map(|span| ("tbs", span)));
            with(&pairs)
        }
        Engine::Brave => with(&[("q", query), ("count", &count)]).header("x-subscription-token", key),
        Engine::Exa => {
            let contents = json!({"highlights": true});
            let body = json!({"query": query, "numResults": max_results, "contents": contents});
            client.post(base.clone()).header("x-api-key", key).json(&body)
        }
        Engine::Tavily => {
            let body = json!({"query": query, "max_results": max_results});
            client.post(base.clone()).bearer_auth(key).json(&body)
        }
        // Serper: the others do not come here.
        _ => {
            let mut body = json!({"q": query, "num": max_results});
            if let (Some(span), Some(body)) = (span, body.as_object_mut()) {
                body.insert("tbs".to_owned(), span.into());
            }
            client.post(base.clone()).header("x-api-key", key).json(&body)
        }
    }
}

/// Where an answer has its results, and what it calls their parts.
struct Names {
    list: &'static str,
    url: &'static str,
    snippet: &'static str,
}

fn names(engine: Engine) -> Names {
    match engine {
        Engine::SerpApi => Names { list: "/organic_results", url: "link", snippet: "snippet" },
        Engine::Brave => Names { list: "/web/results", url: "url", snippet: "description" },
        Engine::Exa => Names { list: "/results", url: "url", snippet: "highlights" },
        Engine::Tavily => Names { list: "/results", url: "url", snippet: "content" },
        _ => Names { list: "/organic", url: "link", snippet: "snippet" },
    }
}

pub(super) fn results(engine: Engine, answer: &str) -> Result<Vec<SearchResult>, SearchError> {
    let answer: Value = serde_json::from_str(answer)
        .map_err(|error| SearchError::Unreadable { cause: format!("it is not JSON: {error}") })?;
    let Names { list, url, snippet } = names(engine);
    // An engine that found nothing may leave the list out.
    let list = answer.pointer(list).and_then(Value::as_array);
    let read = |result: &Value| {
        let url = result.get(url)?.as_str()?.to_owned();
        let title = result.get("title").map(words).filter(|title| !title.is_empty());
        let snippet = result.get(snippet).map(words).unwrap_or_default();
        Some(SearchResult { title: title.unwrap_or_else(|| url.clone()), url, snippet })
    };
    Ok(list.into_iter().flatten().filter_map(read).collect())
}

/// A text, or several; what was searched for may be marked in it.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => html::words(text),
        Value::Array(texts) => texts.iter().map(words).collect::<Vec<_>>().join(" … "),
        _ => String::new(),
    }
}
