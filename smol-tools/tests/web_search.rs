//! The search tool against pages of the engine's structure, served on the loopback.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "the server is part of the test")]

use axum::{Router, extract::Query, response::Html, routing::get};
use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::WebSearch;
use std::{collections::HashMap, net::Ipv4Addr};

const RESULTS: &str = r#"<html><body><form action="/lite/" method="post"><input name="q"></form>
<table border="0">
  <tr class="result-sponsored"><td valign="top">1.&nbsp;</td><td>
    <a rel="nofollow" href="https://duckduckgo.com/y.js?ad_domain=shop.example" class='result-link'>Buy crabs</a></td></tr>
  <tr class="result-sponsored"><td>&nbsp;</td><td class='result-snippet'>Cheap crabs</td></tr>
</table>
<table border="0">
  <tr><td valign="top">1.&nbsp;</td><td>
    <a rel="nofollow" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcrab.example%2Fa%3Fb%3D1%26c%3D2&amp;rut=0a" class='result-link'>Crabs &amp; <b>Rust</b></a></td></tr>
  <tr><td>&nbsp;&nbsp;&nbsp;</td><td class='result-snippet'>
      All about   <b>crabs</b>
      and rust.</td></tr>
  <tr><td>&nbsp;</td><td><span class='link-text'>crab.example/a</span></td></tr>
  <tr><td>&nbsp;</td><td>&nbsp;</td></tr>
  <tr><td valign="top">2.&nbsp;</td><td><a rel="nofollow" href="https://plain.example/" class='result-link'>Plain</a></td></tr>
  <tr><td>&nbsp;</td><td><span class='link-text'>plain.example</span></td></tr>
  <tr class="result-sponsored"><td>&nbsp;</td><td class='result-snippet'>More cheap crabs</td></tr>
  <tr><td valign="top">3.&nbsp;</td><td><a href="http://[bad" class='result-link'>Broken</a></td></tr>
  <tr><td valign="top">4.&nbsp;</td><td><a href="https://third.example/x" class='result-link'>Third</a></td></tr>
  <tr><td>&nbsp;</td><td class='result-snippet'>The third</td></tr>
</table></body></html>"#;

const CHALLENGE: &str =
    r#"<form id="challenge-form"><div class="anomaly-modal__title">Select all ducks</div></form>"#;

async fn answer(Query(parameters): Query<HashMap<String, String>>) -> Html<&'static str> {
    Html(match parameters["q"].as_str() {
        "crabs & rust" => RESULTS,
        "robot" => CHALLENGE,
        _ => "<html><body><table><tr><td>No results.</td></tr></table></body></html>",
    })
}

/// Each search has a tool of its own: one tool would make the next wait for its turn.
async fn search(arguments: Value) -> Result<Value, String> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base_url = format!("http://{}/lite/", listener.local_addr().unwrap());
    let app = Router::new().route("/lite/", get(answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    WebSearch::new().base_url(base_url).call(arguments).await.map_err(|ToolError(error)| error)
}

#[tokio::test]
async fn reads_results() {
    let crabs = json!({
        "title": "Crabs & Rust", "url": "https://crab.example/a?b=1&c=2", "snippet": "All about crabs and rust.",
    });
    let plain = json!({"title": "Plain", "url": "https://plain.example/", "snippet": ""});
    let third = json!({"title": "Third", "url": "https://third.example/x", "snippet": "The third"});
    assert_eq!(search(json!({"query": "crabs & rust"})).await, Ok(json!([crabs, plain, third])));
    assert_eq!(search(json!({"query": "crabs & rust", "max_results": 1})).await, Ok(json!([crabs])));
}

#[tokio::test]
async fn says_why_there_are_no_results() {
    let check = async |arguments: Value, expected: &str| {
        let error = search(arguments.clone()).await.unwrap_err();
        assert!(error.starts_with(expected), "{arguments}: {error}");
    };
    check(json!({"query": "zyxwv"}), "nothing was found for `zyxwv`\n\nhint: search for fewer").await;
    check(json!({"query": "robot"}), "the search engine takes this for a robot").await;
    check(json!({}), "the argument `query` is missing").await;
    check(json!({"query": "x", "max_results": -1}), "the argument `max_results` is wrong: invalid value")
        .await;
}

#[tokio::test]
async fn a_wrong_or_dead_server_is_named() {
    let check = async |base_url: &str, expected: &str| {
        let ToolError(error) =
            WebSearch::new().base_url(base_url).call(json!({"query": "x"})).await.unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    };
    check("nowhere", "`nowhere` is not an address to search at").await;
    // The port is free again as soon as the listener is dropped.
    let free = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    check(&format!("http://{free}/"), &format!("could not fetch `http://{free}/?q=x`: ")).await;
}

#[test]
fn the_spec_tells_names_types_and_defaults() {
    let tool = WebSearch::new();
    let input = &tool.spec().input;
    assert_eq!(input["required"], json!(["query"]));
    assert_eq!(input["properties"]["max_results"]["default"], json!(10));
    let output = &tool.spec().output;
    assert_eq!(output["type"], json!("array"));
    let properties = output["items"]["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["title", "url", "snippet"]);
}
