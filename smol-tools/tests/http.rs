//! `http_request` and `wikipedia_search` against servers on the loopback.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "the server is part of the test")]

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method as Verb, Response, Uri},
};
use serde_json::{Value, json};
use smol_core::tool::{Effect, Tool, ToolError};
use smol_tools::{Extent, Form, HttpRequest, Method, WikipediaSearch};
use std::net::{Ipv4Addr, SocketAddr};

async fn page(method: Verb, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let response = |status: u16, mime: &str, body: &[u8]| {
        Response::builder()
            .status(status)
            .header("content-type", mime)
            .body(Body::from(body.to_vec()))
            .unwrap()
    };
    let redirect =
        |to: &str| Response::builder().status(302).header("location", to).body(Body::empty()).unwrap();
    match uri.path() {
        "/echo" => {
            let said = format!(
                "{method} {} {}",
                headers["x-word"].to_str().unwrap(),
                String::from_utf8_lossy(&body)
            );
            response(200, "text/plain", said.as_bytes())
        }
        "/json" => response(200, "application/json; charset=utf-8", br#"{"a": [1, "two"]}"#),
        "/broken" => response(200, "application/json", b"{oops"),
        "/latin" => response(200, "text/plain; charset=latin1", b"caf\xe9"),
        "/picture" => response(200, "image/png", b"\x89PNG"),
        "/gone" => response(410, "text/plain", b"gone"),
        "/empty" => response(204, "image/png", b""),
        "/away" => redirect("http://example.org/"),
        "/here" => redirect("/json"),
        "/wiki" => {
            response(200, "application/json", wiki(uri.query().unwrap_or_default()).to_string().as_bytes())
        }
        _ => response(404, "text/plain", b"no"),
    }
}

/// In the shape of the action API, its second format.
fn wiki(query: &str) -> Value {
    if query.contains("gsrsearch=Nothing") {
        return json!({"batchcomplete": true});
    }
    let (intro, plain) = (query.contains("exintro=1"), query.contains("explaintext=1"));
    let extract = match (intro, plain) {
        (true, true) => "Crabs are crustaceans.\n",
        (false, true) => "Crabs are crustaceans.\n\n\n== Names ==\nMany.",
        (_, false) => "<p><b>Crabs</b> are crustaceans.</p>",
    };
    let page = json!({
        "pageid": 1, "ns": 0, "title": "Crab", "index": 1, "extract": extract,
        "fullurl": "https://en.wikipedia.example/wiki/Crab", "pagelanguage": "en",
    });
    json!({"batchcomplete": true, "continue": {"gsroffset": 1}, "query": {"pages": [page]}})
}

async fn server() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(page)).await });
    address
}

async fn call(tool: &impl Tool, arguments: Value) -> Result<Value, String> {
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

#[tokio::test]
async fn a_request_is_answered_with_data() {
    let address = server().await;
    let tool = HttpRequest::to(["127.0.0.1"]).allow_private(true).methods([Method::GET, Method::POST]);
    let check = async |arguments: Value, status: u16, body: Value| {
        let path = arguments["url"].as_str().unwrap().to_owned();
        let mut arguments = arguments;
        arguments["url"] = format!("http://{address}{path}").into();
        let answer = call(&tool, arguments).await.unwrap();
        assert_eq!((&answer["status"], &answer["body"]), (&json!(status), &body), "{path}");
    };
    check(json!({"url": "/json"}), 200, json!({"a": [1, "two"]})).await;
    check(json!({"url": "/here"}), 200, json!({"a": [1, "two"]})).await;
    check(json!({"url": "/broken"}), 200, json!("{oops")).await;
    check(json!({"url": "/latin"}), 200, json!("café")).await;
    check(json!({"url": "/gone"}), 410, json!("gone")).await;
    check(json!({"url": "/empty"}), 204, Value::Null).await;
    let headers = json!({"X-Word": "hi"});
    check(json!({"url": "/echo", "headers": headers, "body": "x"}), 200, json!("GET hi x")).await;
    let post = json!({"url": "/echo", "method": "post", "headers": headers, "body": {"b": 1}});
    check(post, 200, json!("POST hi {\"b\":1}")).await;
}

#[tokio::test]
async fn a_request_goes_only_where_it_may() {
    let address = server().await;
    let tool = HttpRequest::to(["127.0.0.1", "LOCALHOST", "*.example.org"]).allow_private(true);
    assert_eq!(tool.spec().effect, Effect::Reads);
    let check = async |arguments: Value, expected: &str| {
        let error = call(&tool, arguments.clone()).await.unwrap_err();
        assert!(error.starts_with(expected), "{arguments}: {error}");
    };
    let here = format!("http://{address}");
    check(
        json!({"url": "https://example.com/"}),
        "this tool may not reach `example.com`\n\nhint: it may reach ",
    )
    .await;
    check(json!({"url": "https://example.org/"}), "this tool may not reach `example.org`").await;
    check(json!({"url": "file:///etc/hostname"}), "this tool may not reach ``").await;
    check(json!({"url": "ftp://127.0.0.1/"}), "only `http` and `https` addresses can be visited, not `ftp`")
        .await;
    check(json!({"url": "http://127.0.0.1@evil.test/"}), "this tool may not reach `evil.test`").await;
    check(json!({"url": "no address"}), "`no address` is not an address: ").await;
    let away = format!("{here}/away");
    check(json!({"url": away}), &format!("could not fetch `{away}`: this tool may not reach `example.org`"))
        .await;
    check(
        json!({"url": here, "method": "DELETE"}),
        "this tool may not use the method `DELETE`\n\nhint: it may use `GET`",
    )
    .await;
    check(json!({"url": here, "headers": {"Host": "x"}}), "the header `Host` cannot be set").await;
    check(json!({"url": here, "headers": {"a b": "x"}}), "a header is wrong: ").await;
    check(
        json!({"url": format!("{here}/picture")}),
        &format!("`{here}/picture` is `image/png`, which this tool"),
    )
    .await;
    // Granted by name, but private: that must be said, too.
    let error = call(&tool.allow_private(false), json!({"url": here})).await.unwrap_err();
    assert!(error.starts_with("`127.0.0.1` is not on the public Internet"), "{error}");
    assert_eq!(HttpRequest::to(["a.org"]).methods([Method::PUT]).spec().effect, Effect::Writes);
}

#[tokio::test]
async fn an_article_is_found_in_the_form_asked_for() {
    let url = format!("http://{}/wiki", server().await);
    let wiki = || WikipediaSearch::new().base_url(&url);
    let check = async |tool: WikipediaSearch, expected: &str| {
        let expected = format!("# Crab\n\nSource: https://en.wikipedia.example/wiki/Crab\n\n{expected}");
        assert_eq!(call(&tool, json!({"query": "crab"})).await, Ok(json!(expected)));
    };
    check(wiki(), "Crabs are crustaceans.\n\n\n== Names ==\nMany.").await;
    check(wiki().extent(Extent::Summary), "Crabs are crustaceans.").await;
    check(wiki().form(Form::Html), "<p><b>Crabs</b> are crustaceans.</p>").await;
    let none = call(&wiki(), json!({"query": "Nothing"})).await.unwrap_err();
    assert!(none.starts_with("no article was found for `Nothing`\n\nhint: "), "{none}");
    let error = call(&wiki().language("no such/../place"), json!({"query": "x"})).await.unwrap_err();
    assert!(
        error.starts_with("`https://no such/../place.wikipedia.org/w/api.php` is no address of a wiki"),
        "{error}"
    );
}
