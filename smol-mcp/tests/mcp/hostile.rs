//! Whatever a server does, there is a clear error, and things go on.

use crate::common::{Heard, Hostile, call, connect, names, tool, until};
use serde_json::json;
use smol_core::tool::Effect;
use smol_mcp::{McpServers, News, ServerConfig};
use std::time::Duration;

/// What connecting fails with.
async fn refused(config: ServerConfig, words: &[&str]) {
    let error = connect(config).await.err().expect("it is no server").to_string();
    for word in words {
        assert!(error.contains(word), "`{word}` is not in: {error}");
    }
    assert!(!error.contains('\u{1b}') && !error.contains('\u{7}'), "{error:?}");
}

#[tokio::test]
async fn what_cannot_be_connected_to_says_why() {
    let short = |mode: &str| Hostile::new(mode).config();
    refused(
        ServerConfig::command("x", "no-such-program-here", [""]),
        &["`x`", "no-such-program-here", "PATH"],
    )
    .await;
    refused(short("exits"), &["`hostile` ended", "exit status: 4", "no database", "at line 3"]).await;
    refused(short("talks"), &["`hostile` ended", "exit status: 0"]).await;
    refused(short("refuses"), &["refused the greeting", "not today", "-32000"]).await;
    refused(short("wrong_greeting"), &["`hostile` does not speak MCP"]).await;
    let mute = short("mute").timeout(Duration::from_secs(2));
    refused(mute, &["sent nothing for 2 s", "its greeting"]).await;
    refused(short("malformed_list"), &["answered `tools/list` wrongly"]).await;
    refused(short("endless"), &["`tools/list`", "100 pages"]).await;
    refused(ServerConfig::http("h", "http://127.0.0.1:1/mcp"), &["could not reach", "`h`", "127.0.0.1:1"])
        .await;
    refused(ServerConfig::sse("h", "http://127.0.0.1:1/sse"), &["could not reach", "127.0.0.1:1"]).await;
    refused(ServerConfig::http("h", "http://127.0.0.1:1/").header("a b", "c"), &["`a b` is no header"]).await;
}

#[tokio::test]
async fn a_tool_that_cannot_be_used_is_left_out_and_the_others_stay() {
    let heard = Heard::default();
    let servers = McpServers::connect([Hostile::new("bad_schemas").config()], heard.host()).await.unwrap();
    assert_eq!(names(&servers), ["good"]);
    let left_out: Vec<String> = heard
        .all()
        .into_iter()
        .filter_map(|news| if let News::LeftOut { tool, .. } = news { Some(tool) } else { None })
        .collect();
    assert_eq!(left_out, ["nonsense", "list", "remote", "large", "output"]);
}

#[tokio::test]
async fn names_and_words_of_strangers_are_made_harmless() {
    let servers = connect(Hostile::new("names").config()).await.unwrap();
    assert_eq!(names(&servers), ["__31mred_", "import_", "_"]);
    let spec = tool(&servers, "__31mred_").spec().clone();
    assert!(spec.untrusted);
    assert_eq!(spec.effect, Effect::Writes, "nobody said that it reads");
    assert!(spec.description.chars().count() <= 4_001, "{}", spec.description.len());
    assert!(!spec.description.contains(['\u{1b}', '\0']));
    assert_eq!(call(&servers, "import_", json!({})).await.unwrap(), "alive");
}

#[tokio::test]
async fn hundreds_of_tools_are_hundreds_of_tools_unless_few_are_wanted() {
    let many = Hostile::new("many");
    assert_eq!(connect(many.config()).await.unwrap().tools().len(), 600);
    let few = connect(many.config().only(["tool_7", "tool_3"])).await.unwrap();
    assert_eq!(names(&few), ["tool_3", "tool_7"]);
}

#[tokio::test]
async fn one_that_dies_is_started_again_and_reads_are_repeated() {
    let (once, heard) = (Hostile::new("dies_once"), Heard::default());
    let servers = McpServers::connect([once.config()], heard.host()).await.unwrap();
    assert_eq!(call(&servers, "read", json!({})).await.unwrap(), "alive");
    assert_eq!(once.notes(), "died");
    assert!(heard.all().contains(&News::Reconnected));

    let always = Hostile::new("dies");
    let servers = connect(always.config()).await.unwrap();
    let error = call(&servers, "read", json!({})).await.unwrap_err().0;
    assert!(error.contains("`hostile` ended") && error.contains("out of luck"), "{error}");
    assert_eq!(always.notes(), "..", "once, and once more");
}

#[tokio::test]
async fn a_write_that_was_lost_is_not_repeated() {
    let dies = Hostile::new("dies");
    let servers = connect(dies.config()).await.unwrap();
    let error = call(&servers, "write", json!({})).await.unwrap_err().0;
    for word in ["was lost during `write`", "exit status: 3", "out of luck", "not known"] {
        assert!(error.contains(word), "`{word}` is not in: {error}");
    }
    assert_eq!(dies.notes(), ".");
}

/// What a call of `read` fails with.
async fn fails(mode: &str, words: &[&str]) {
    let servers = connect(Hostile::new(mode).config()).await.unwrap();
    let error = call(&servers, "read", json!({})).await.unwrap_err().0;
    for word in words {
        assert!(error.contains(word), "{mode}: `{word}` is not in: {error}");
    }
}

#[tokio::test]
async fn floods_and_nonsense_are_errors_that_the_model_reads() {
    fails("floods", &["more than 16 MiB"]).await;
    fails("other_form", &["answered `read` wrongly"]).await;
}

#[tokio::test]
async fn chatter_is_passed_over() {
    let servers = connect(Hostile::new("chatters").config()).await.unwrap();
    assert_eq!(call(&servers, "read", json!({})).await.unwrap(), "done");
    let empty = connect(Hostile::new("nothing").config()).await.unwrap();
    assert_eq!(call(&empty, "read", json!({})).await.unwrap(), json!(null));
}

#[tokio::test]
async fn silence_ends_a_call_and_progress_does_not_count_as_silence() {
    let silent = Hostile::new("silent");
    let servers = connect(silent.config().timeout(Duration::from_secs(3))).await.unwrap();
    let error = call(&servers, "read", json!({})).await.unwrap_err().0;
    assert!(error.contains("sent nothing for 3 s while waiting for `read`"), "{error}");
    until(|| silent.notes().contains("cancelled")).await;

    let heard = Heard::default();
    let slow = Hostile::new("slow").config().timeout(Duration::from_millis(1_500));
    let servers = McpServers::connect([slow], heard.host()).await.unwrap();
    assert_eq!(call(&servers, "read", json!({})).await.unwrap(), "done");
    let last = News::Progress { progress: 5.0, total: Some(5.0), message: "at work".into() };
    until(|| heard.all().contains(&last)).await;
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_cancelled() {
    let silent = Hostile::new("silent");
    let servers = connect(silent.config()).await.unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(300), call(&servers, "write", json!({}))).await;
    assert!(dropped.is_err());
    until(|| silent.notes().contains("cancelled")).await;
}

#[tokio::test]
async fn a_program_gets_little_of_the_environment_and_what_it_is_given() {
    let config = Hostile::new("environment").config().variable("MY_KEY", "1");
    let servers = connect(config).await.unwrap();
    let names = call(&servers, "read", json!({})).await.unwrap();
    let names: Vec<String> = serde_json::from_str(names.as_str().unwrap()).unwrap();
    assert!(names.contains(&"MY_KEY".to_owned()) && names.contains(&"PATH".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn its_whole_family_ends_with_the_connection() {
    let servers = connect(Hostile::new("family").config()).await.unwrap();
    let pids = call(&servers, "read", json!({})).await.unwrap();
    let lives = |pid: &str| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    };
    let pids: Vec<&str> = pids.as_str().unwrap().split(' ').collect();
    assert!(pids.iter().all(|pid| lives(pid)));
    drop(servers);
    until(|| !pids.iter().any(|pid| lives(pid))).await;
}

#[tokio::test]
async fn other_tools_are_there_after_a_refresh() {
    let (changes, heard) = (Hostile::new("changes"), Heard::default());
    let mut servers = McpServers::connect([changes.config()], heard.host()).await.unwrap();
    let read = tool(&servers, "read");
    assert_eq!(read.call(json!({})).await.unwrap(), "changed");
    until(|| heard.all().contains(&News::ToolsChanged)).await;
    assert_eq!(names(&servers), ["read", "write"], "an agent's tools stay what they were");
    servers.refresh().await.unwrap();
    assert_eq!(names(&servers), ["new"]);
}
