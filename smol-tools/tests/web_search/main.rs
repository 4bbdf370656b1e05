//! The search tool against answers of each engine's shape, served on the loopback.

#![expect(clippy::unwrap_used, reason = "the server is part of the test")]

#[cfg(test)]
mod pages;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::IntoResponse,
};
use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::{Engine, WebSearch};
use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

/// Answers everything alike, and keeps what it was asked.
#[derive(Clone)]
struct Server {
    status: StatusCode,
    mime: &'static str,
    body: String,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let key =
        ["x-api-key", "x-subscription-token", "authorization"].into_iter().find_map(|name| headers.get(name));
    let key = key.map(|key| key.to_str().unwrap()).unwrap_or_default();
    let asked = format!("{method} {uri} {key} {}", String::from_utf8_lossy(&body));
    server.asked.lock().unwrap().push(asked.trim().to_owned());
    (server.status, [("content-type", server.mime)], server.body)
}

impl Server {
    fn new(status: u16, mime: &'static str, body: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, mime, body: body.to_owned(), asked: Arc::default() }
    }

    async fn url(&self) -> String {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}/search")
    }

    /// Each search has a tool of its own: one tool would make the next wait for its turn.
    async fn search(&self, engine: Engine, arguments: Value) -> Result<Value, String> {
        let tool = WebSearch::with(engine).api_key("s3cret").base_url(self.url().await);
        tool.call(arguments).await.map_err(|ToolError(error)| error)
    }
}

const HTML: &str = "text/html; charset=UTF-8";
const JSON: &str = "application/json";

#[tokio::test]
async fn every_engine_is_asked_and_read_in_its_own_way() {
    let check = async |engine: Engine, mime, page: &str, asked: &str| {
        let server = Server::new(200, mime, page);
        let results = server.search(engine, json!({"query": "crabs & co", "max_results": 7})).await.unwrap();
        let title = |result: &Value| format!("{} {}", result["title"], result["url"]).replace('"', "");
        let titles: Vec<String> = results.as_array().unwrap().iter().map(title).collect();
        assert_eq!(
            titles,
            ["Crabs & Rust https://crab.example/a", "Plain https://plain.example/"],
            "{engine}"
        );
        let snippet = results[0]["snippet"].as_str().unwrap();
        assert!(snippet.starts_with("All about") && snippet.ends_with("crabs."), "{engine}: {snippet}");
        assert_eq!(results[1]["snippet"], "", "{engine}");
        assert_eq!(*server.asked.lock().unwrap(), [asked], "{engine}");
    };
    check(Engine::DuckDuckGoHtml, HTML, pages::HTML, "GET /search?q=crabs+%26+co").await;
    check(Engine::Bing, "text/xml", pages::BING, "GET /search?q=crabs+%26+co&format=rss&count=7").await;
    let asked = r#"POST /search s3cret {"q":"crabs & co","num":7}"#;
    check(Engine::Serper, JSON, pages::SERPER, asked).await;
    let asked = "GET /search?engine=google&q=crabs+%26+co&num=7&api_key=s3cret";
    check(Engine::SerpApi, JSON, pages::SERPAPI, asked).await;
    check(Engine::Brave, JSON, pages::BRAVE, "GET /search?q=crabs+%26+co&count=7 s3cret").await;
    let asked = r#"POST /search s3cret {"query":"crabs & co","numResults":7,"contents":{"highlights":true}}"#;
    check(Engine::Exa, JSON, pages::EXA, asked).await;
    let asked = r#"POST /search Bearer s3cret {"query":"crabs & co","max_results":7}"#;
    check(Engine::Tavily, JSON, pages::TAVILY, asked).await;
}

#[tokio::test]
async fn google_is_asked_for_a_year() {
    let check = async |engine: Engine, page: &str, asked: &str| {
        let server = Server::new(200, JSON, page);
        let arguments = json!({"query": "crabs", "max_results": 7, "filter_year": 2024});
        server.search(engine, arguments).await.unwrap();
        assert_eq!(*server.asked.lock().unwrap(), [asked], "{engine}");
    };
    let asked =
        r#"POST /search s3cret {"q":"crabs","num":7,"tbs":"cdr:1,cd_min:01/01/2024,cd_max:12/31/2024"}"#;
    check(Engine::Serper, pages::SERPER, asked).await;
    let asked = "GET /search?engine=google&q=crabs&num=7&api_key=s3cret&\
                 tbs=cdr%3A1%2Ccd_min%3A01%2F01%2F2024%2Ccd_max%3A12%2F31%2F2024";
    check(Engine::SerpApi, pages::SERPAPI, asked).await;
    for engine in Engine::ALL {
        let has_year = WebSearch::with(engine).spec().input["properties"].get("filter_year").is_some();
        assert_eq!(has_year, matches!(engine, Engine::Serper | Engine::SerpApi), "{engine}");
    }
}

#[tokio::test]
async fn the_page_for_small_browsers_is_read_row_by_row() {
    let crabs = json!({
        "title": "Crabs & Rust", "url": "https://crab.example/a?b=1&c=2", "snippet": "All about crabs and rust.",
    });
    let plain = json!({"title": "Plain", "url": "https://plain.example/", "snippet": ""});
    let third = json!({"title": "Third", "url": "https://third.example/x", "snippet": "The third"});
    let server = Server::new(200, HTML, pages::LITE);
    let all = server.search(Engine::DuckDuckGoLite, json!({"query": "crabs"})).await;
    assert_eq!(all, Ok(json!([crabs, plain, third])));
    let one = server.search(Engine::DuckDuckGoLite, json!({"query": "crabs", "max_results": 1})).await;
    assert_eq!(one, Ok(json!([crabs])));
}

#[tokio::test]
async fn says_why_there_are_no_results_and_never_the_key() {
    let check = async |engine: Engine, (status, mime, body): (u16, &'static str, &str), expected: &str| {
        let error =
            Server::new(status, mime, body).search(engine, json!({"query": "crabs"})).await.unwrap_err();
        assert!(error.starts_with(expected) && !error.contains("s3cret"), "{engine}: {error}");
    };
    let lite = Engine::DuckDuckGoLite;
    check(lite, (200, HTML, pages::NOTHING), "nothing was found for `crabs`\n\nhint: search for fewer").await;
    check(lite, (202, HTML, pages::CHALLENGE), "the search engine takes this for a robot").await;
    check(lite, (403, HTML, ""), "the search engine `duckduckgo` answered 403 Forbidden\n\nhint: ").await;
    check(Engine::Brave, (200, JSON, "{}"), "nothing was found for `crabs`").await;
    check(
        Engine::Brave,
        (200, JSON, "<html>"),
        "the search engine's answer could not be read: it is not JSON",
    )
    .await;
    check(Engine::Bing, (200, HTML, "<html><body>"), "the search engine's answer could not be read: ").await;
    let body = r#"{"detail": {"error": "Unauthorized: missing or invalid API key."}}"#;
    let expected = "the search engine `tavily` answered 401 Unauthorized: Unauthorized: missing or invalid API key.\n\n\
                    hint: its key is refused";
    check(Engine::Tavily, (401, JSON, body), expected).await;
    let body = r#"{"error": "Your account has run out of searches."}"#;
    let expected = "the search engine `serpapi` answered 429 Too Many Requests: Your account has run out of searches.\n\n\
                    hint: there were too many searches";
    check(Engine::SerpApi, (429, JSON, body), expected).await;
    check(Engine::Tavily, (432, JSON, "{}"), "the search engine `tavily` answered 432 ").await;
    check(
        Engine::Exa,
        (500, HTML, "oops"),
        "the search engine `exa` answered 500 Internal Server Error\n\nhint: it",
    )
    .await;
}

#[tokio::test]
async fn says_what_is_missing_before_it_asks() {
    let tool = WebSearch::with(Engine::Brave).base_url("http://127.0.0.1:1/");
    let ToolError(error) = tool.call(json!({"query": "x"})).await.unwrap_err();
    assert!(
        error.starts_with("the search engine `brave` needs a key") && error.contains("`BRAVE_API_KEY`"),
        "{error}"
    );
    let tool = WebSearch::new().base_url("no address");
    let ToolError(error) = tool.call(json!({"query": "x"})).await.unwrap_err();
    assert!(error.starts_with("`no address` is not an address to search at: "), "{error}");
    // A port that was free a moment ago; the key stands in the query of this one.
    let free = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    let tool = WebSearch::with(Engine::SerpApi).api_key("s3cret").base_url(format!("http://{free}/"));
    let ToolError(error) = tool.call(json!({"query": "x"})).await.unwrap_err();
    assert!(error.starts_with(&format!("could not fetch `http://{free}/`: ")), "{error}");
}

#[test]
fn the_spec_tells_names_types_and_defaults() {
    let tool = WebSearch::new();
    let input = &tool.spec().input;
    assert_eq!(input["required"], json!(["query"]));
    assert_eq!(input["properties"]["max_results"]["default"], json!(10));
    let output = &tool.spec().output;
    assert_eq!((&output["type"], &output["format"]), (&json!("array"), &json!("records")));
    let properties = output["items"]["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["title", "url", "snippet"]);
}

#[test]
fn engines_are_known_by_name() {
    for engine in Engine::ALL {
        assert_eq!(engine.to_string().parse(), Ok(engine));
    }
    let error = "altavista".parse::<Engine>().unwrap_err().to_string();
    assert!(
        error.starts_with("no search engine is named `altavista`\n\nhint: there are `duckduckgo`, "),
        "{error}"
    );
}
