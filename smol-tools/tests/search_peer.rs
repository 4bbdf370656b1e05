//! The search tool against a server of another maker: aimock, of npm, which speaks Tavily's wire.

#![expect(clippy::unwrap_used, reason = "a test may fail this way, and says what it skips")]

use serde_json::json;
use smol_core::tool::{Tool, ToolError};
use smol_tools::{Engine, WebSearch};
use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Its address, as long as the process lives; none where it is not installed.
fn peer() -> Option<(Child, String)> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests/peers");
    let mut command = Command::new("node");
    command.arg(peers.join("search.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut address = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut address).ok()?;
    (!address.is_empty()).then(|| (child, address.trim().to_owned()))
}

#[tokio::test]
async fn tavilys_wire_is_what_another_maker_takes_it_for() {
    let Some((mut child, address)) = peer() else {
        let line = "skipped: no aimock; `npm ci --prefix tests/peers` installs it, for Node 20 or newer";
        assert!(env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "{line}");
        eprintln!("{line}");
        return;
    };
    let search = async |arguments| {
        let tool = WebSearch::with(Engine::Tavily).api_key("key").base_url(format!("{address}/search"));
        tool.call(arguments).await.map_err(|ToolError(error)| error)
    };
    let found = search(json!({"query": "crabs", "max_results": 2})).await.unwrap();
    let crab = |number| json!({"title": format!("Crab {number}"), "url": format!("https://crab.example/{number}"), "snippet": "sideways"});
    assert_eq!(found, json!([crab(1), crab(2)]));
    let nothing = search(json!({"query": "lobsters"})).await.unwrap_err();
    assert!(nothing.starts_with("nothing was found for `lobsters`"), "{nothing}");
    child.kill().unwrap();
    child.wait().unwrap();
}
