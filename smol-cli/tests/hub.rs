//! `smolagent hub` against a Hub on this machine, as people see it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]

#[path = "../../tests/peers/fake_hub.rs"]
#[expect(dead_code, reason = "each test file uses a part of it")]
mod fake_hub;

use fake_hub::{FakeHub, TOKEN};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

const TOOL: &str = r#"from smolagents import Tool
import requests

class WeatherTool(Tool):
    name = "weather"
    description = "Tells the weather of a city."
    inputs = {"city": {"type": "string", "description": "The city."}}
    output_type = "string"

    def forward(self, city):
        return requests.get("https://example.com/" + city).text
"#;

const CELSIUS: &str = r#"from smolagents import Tool

class CelsiusTool(Tool):
    name = "celsius"
    description = "Turns Fahrenheit into Celsius."
    inputs = {"fahrenheit": {"type": "number", "description": "The temperature."}}
    output_type = "number"

    def forward(self, fahrenheit):
        return round((fahrenheit - 32) * 5 / 9, 1)
"#;

fn page(kind: &str) -> String {
    format!("---\ntitle: x\nsdk: gradio\ntags:\n- smolagents\n- {kind}\n---\n")
}

/// A Hub with a few Spaces, and a folder to work in.
async fn start() -> (FakeHub, TempDir) {
    let hub = FakeHub::start().await;
    hub.put(
        "someone/weather-tool",
        &[("tool.py", TOOL), ("README.md", &page("tool")), ("requirements.txt", "requests\nsmolagents\n")],
    );
    hub.put(
        "someone/celsius",
        &[("tool.py", CELSIUS), ("README.md", &page("tool")), ("requirements.txt", "smolagents\n")],
    );
    (hub, tempfile::tempdir().unwrap())
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/share/fixtures").join(name)
}

/// What the command prints and exits with, without what differs from run to run.
async fn smolagent(hub: &FakeHub, folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smolagent"));
    let keep = ["PATH", "HOME"];
    command.env_clear().envs(keep.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.env("HF_ENDPOINT", &hub.endpoint).env("HF_TOKEN", TOKEN).env("HF_HOME", folder.join("hf"));
    command.env("SMOLAGENTS_CACHE", folder.join("cache")).env("XDG_CONFIG_HOME", folder.join("config"));
    command.env("SMOLAGENTS_RUNS", folder.join("runs")).current_dir(folder);
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let shown_arguments = arguments.join(" ");
    let run = move || command.args(arguments).stdin(Stdio::null()).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).replace(&hub.endpoint, "[hub]");
        text.replace(&folder.display().to_string(), "[folder]")
            .replace(&fixture("").display().to_string(), "[fixtures]/")
    };
    let shown = shown_arguments.replace(&fixture("").display().to_string(), "[fixtures]/");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let both = format!("$ smolagent {shown}\n{out}{err}[exit {}]\n", output.status.code().unwrap());
    without_commits(&both)
}

/// Commits differ with the address of the Hub, or not at all; they say nothing either way.
fn without_commits(text: &str) -> String {
    let is_commit = |word: &str| word.len() == 40 && word.bytes().all(|digit| digit.is_ascii_hexdigit());
    let pieces = text.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric());
    let shown = pieces.map(|piece| {
        let word = piece.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
        if is_commit(word) { piece.replace(word, "[commit]") } else { piece.to_owned() }
    });
    shown.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_share_is_found_looked_at_and_fetched() {
    let (hub, folder) = start().await;
    let folder = folder.path();
    let mut story = smolagent(&hub, folder, &["hub", "search", "weather", "--tag", "tool"]).await;
    story += &smolagent(&hub, folder, &["hub", "search", "nothing-like-it"]).await;
    story += &smolagent(&hub, folder, &["hub", "info", "someone/weather-tool"]).await;
    story += &smolagent(&hub, folder, &["hub", "info", "no-repository"]).await;
    story += &smolagent(&hub, folder, &["hub", "info", "some/none"]).await;
    story += &smolagent(&hub, folder, &["hub", "pull", "someone/celsius"]).await;
    story += &smolagent(&hub, folder, &["hub", "pull", "someone/celsius"]).await;
    insta::assert_snapshot!("hub_find", story);
    assert_eq!(fs::read_to_string(folder.join("celsius/tool.py")).unwrap(), CELSIUS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_checked_and_shared() {
    let (hub, folder) = start().await;
    let folder = folder.path();
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/tool.py"), CELSIUS).unwrap();
    let examples = r#"[{"arguments": {"fahrenheit": 212}, "result": 100}, {"arguments": {"fahrenheit": 32}, "result": 1}]"#;
    fs::write(folder.join("mine/examples.json"), examples).unwrap();
    let mut story = smolagent(&hub, folder, &["hub", "check", "mine"]).await;
    story += &fs::read_to_string(folder.join("mine/README.md")).unwrap();
    story += &smolagent(&hub, folder, &["hub", "push", "mine", "me/celsius", "--private"]).await;
    story +=
        &smolagent(&hub, folder, &["hub", "push", "mine", "me/celsius", "--create-pr", "--message", "Again"])
            .await;
    story += &smolagent(&hub, folder, &["hub", "push", "mine", "other/celsius"]).await;
    fs::write(
        folder.join("mine/tool.py"),
        CELSIUS.replace("self, fahrenheit", "self, kelvin").replace("number\"\n", "numbr\"\n"),
    )
    .unwrap();
    story += &smolagent(&hub, folder, &["hub", "check", "mine", "--no-page"]).await;
    story += &smolagent(&hub, folder, &["hub", "check", "nowhere"]).await;
    insta::assert_snapshot!("hub_share", story);
    assert!(hub.is_private("me/celsius"));
    assert_eq!(hub.files("me/celsius")["tool.py"], CELSIUS);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_folder_is_inspected() {
    let (hub, folder) = start().await;
    let desk = fixture("weather_desk").display().to_string();
    let mut story = smolagent(&hub, folder.path(), &["hub", "inspect", &desk, "--json"]).await;
    story += &smolagent(&hub, folder.path(), &["hub", "inspect", &desk]).await;
    insta::assert_snapshot!("hub_inspect", story);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_used_that_nobody_looked_at() {
    let (hub, folder) = start().await;
    let folder = folder.path();
    let run = [
        "run",
        "How warm is 212 F?",
        "--model",
        "m",
        "--api-base",
        "http://127.0.0.1:9/v1",
        "--tools",
        "someone/celsius",
    ];
    let story = smolagent(&hub, folder, &run).await;
    // Where somebody says yes the run begins, and gets as far as the model, which is not there.
    let trusted: Vec<&str> = run.iter().copied().chain(["--trust"]).collect();
    let after = smolagent(&hub, folder, &trusted).await;
    assert!(after.contains("could not reach the model server"), "{after}");
    insta::assert_snapshot!("hub_trust", story);
}
