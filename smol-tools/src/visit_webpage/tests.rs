//! Against a server on the loopback. What is "private" is moved for some of them, as the server itself is.

use super::*;
use crate::text::MAX_CHARACTERS;
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{Response, StatusCode},
    response::IntoResponse,
    routing::get,
};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Each page by its name.
async fn page(Path(name): Path<String>) -> impl IntoResponse {
    let typed =
        |mime: &str, body: Vec<u8>| Response::builder().header("content-type", mime).body(Body::from(body));
    let html = |body: &str| typed("text/html; charset=utf-8", body.as_bytes().to_vec());
    let redirect = |to: &str| Response::builder().status(302).header("location", to).body(Body::empty());
    let response = match name.as_str() {
        "story" => html("<title>Tale</title><main><p>Once <b>upon</b> a <a href='time'>time</a></p></main>"),
        "plain" => typed("text/plain", b"a < b\n\n\n  c".to_vec()),
        "json" => typed("application/problem+json", br#"{"a": [1]}"#.to_vec()),
        "pdf" => typed("application/pdf", b"%PDF-1.7".to_vec()),
        "latin" => typed("text/html; charset=ISO-8859-1", b"<p>caf\xe9</p>".to_vec()),
        "meta" => typed("text/html", b"<meta charset=\"windows-1252\"><p>\x80 5</p>".to_vec()),
        "untyped" => Response::builder().body(Body::from("<p>guessed</p>")),
        "long" => typed("text/plain", "é".repeat(MAX_CHARACTERS + 2).into_bytes()),
        "huge" => typed("text/plain", vec![b'x'; crate::fetch::MAX_BYTES + 1]),
        "empty" => html("<script>draw()</script>"),
        "moved" => redirect("/page/story"),
        "loop" => redirect("/page/loop"),
        "script" => redirect("javascript:alert(1)"),
        "file" => redirect("file:///etc/hostname"),
        "private" => redirect("http://127.0.0.2/secret"),
        "slow" => return std::future::pending().await,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    response.unwrap().into_response()
}

async fn server() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/page/{name}", get(page));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn visit(tool: &VisitWebpage, url: &str) -> String {
    match tool.call(json!({"url": url})).await {
        Ok(text) => text.as_str().unwrap().to_owned(),
        Err(ToolError(error)) => format!("error: {error}"),
    }
}

#[tokio::test]
async fn reads_text_of_many_kinds() {
    let address = server().await;
    let tool = VisitWebpage::new().allow_private(true);
    let check = async |name: &str, expected: &str| {
        let url = format!("http://{address}/page/{name}");
        assert_eq!(visit(&tool, &url).await, expected.replace("HOST", &address.to_string()), "{name}");
    };
    check("story", "# Tale\n\nOnce **upon** a [time](http://HOST/page/time)").await;
    check("moved", "# Tale\n\nOnce **upon** a [time](http://HOST/page/time)").await;
    check("plain", "a < b\n\n\n  c").await;
    check("json", r#"{"a": [1]}"#).await;
    check("latin", "café").await;
    check("meta", "€ 5").await;
    check("untyped", "guessed").await;
    let long = "é".repeat(MAX_CHARACTERS);
    check("long", &format!("{long}\n\n[cut here: these are the first 40000 of 40002 characters]")).await;
}

#[tokio::test]
async fn says_why_there_is_no_page() {
    let address = server().await;
    let tool = VisitWebpage::new().allow_private(true);
    let check = async |name: &str, expected: &str| {
        let error = visit(&tool, &format!("http://{address}/page/{name}")).await;
        let expected = expected.replace("HERE", &format!("http://{address}/page/{name}"));
        assert!(error.starts_with(&format!("error: {expected}")), "{name}: {error}");
    };
    check("nothing", "`HERE` answered 404 Not Found\n\nhint: check the address").await;
    check("pdf", "`HERE` is `application/pdf`, which this tool cannot read\n\nhint: ").await;
    check("huge", "`HERE` is larger than the limit of 10000000 bytes\n\nhint: ").await;
    check("empty", "`HERE` holds no text\n\nhint: the page may be drawn by a script").await;
    check("loop", "could not fetch `HERE`: it redirects more than 10 times").await;
    check(
        "script",
        "could not fetch `HERE`: only `http` and `https` addresses can be visited, not `javascript`",
    )
    .await;
    check("file", "`HERE` answered 302 Found\n\nhint: it leads on to what is no web page").await;
}

#[tokio::test]
async fn refuses_what_is_no_address_of_a_page() {
    let tool = VisitWebpage::new().allow_private(true);
    let check = async |url: &str, expected: &str| {
        let error = visit(&tool, url).await;
        assert!(error.starts_with(&format!("error: {expected}")), "{url}: {error}");
    };
    check("javascript:alert(1)", "only `http` and `https` addresses can be visited, not `javascript`").await;
    check("file:///etc/hostname", "only `http` and `https` addresses can be visited, not `file`").await;
    check("data:text/html,<p>x", "only `http` and `https` addresses can be visited, not `data`").await;
    check("example.org", "`example.org` is not an address: relative URL without a base\n\nhint: ").await;
    check("", "`` is not an address").await;
}

#[tokio::test]
async fn gives_up_on_a_silent_server() {
    let url = format!("http://{}/page/slow", server().await);
    let tool = VisitWebpage::new().allow_private(true).timeout(Duration::from_millis(50));
    assert!(
        visit(&tool, &url).await.starts_with(&format!("error: could not fetch `{url}`: it took too long"))
    );
}

#[tokio::test]
async fn refuses_private_addresses_by_number_and_by_name() {
    let port = server().await.port();
    let tool = VisitWebpage::new();
    let number = visit(&tool, &format!("http://127.0.0.1:{port}/page/story")).await;
    assert!(number.starts_with("error: `127.0.0.1` is not on the public Internet"), "{number}");
    let name = visit(&tool, &format!("http://localhost:{port}/page/story")).await;
    assert!(name.contains("`localhost` is not on the public Internet"), "{name}");
    let open = visit(&tool.allow_private(true), &format!("http://localhost:{port}/page/story")).await;
    assert!(open.starts_with("# Tale"), "{open}");
}

#[tokio::test]
async fn refuses_a_redirect_to_a_private_address() {
    const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let address = server().await;
    let mut tool = VisitWebpage::new();
    tool.guard.may_reach = |asked| asked != PRIVATE;
    let error = visit(&tool, &format!("http://{address}/page/private")).await;
    assert!(error.contains("`127.0.0.2` is not on the public Internet"), "{error}");
}

/// A name may have public and private addresses at once: only the former are ever connected to.
#[tokio::test]
async fn a_name_resolves_to_its_allowed_addresses_only() {
    use reqwest::dns::Resolve;
    let resolve = async |may_reach: fn(IpAddr) -> bool| {
        let found = Guard { may_reach }.resolve("localhost".parse().unwrap()).await;
        found.map(|addresses| addresses.map(|address| address.ip()).collect::<Vec<_>>())
    };
    let version_four = resolve(|address| address != IpAddr::V6(Ipv6Addr::LOCALHOST)).await.unwrap();
    assert!(!version_four.is_empty() && version_four.iter().all(IpAddr::is_ipv4));
    assert!(resolve(|_| false).await.is_err());
}
