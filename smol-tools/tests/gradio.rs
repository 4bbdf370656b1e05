//! A real Gradio app behind `Space`, and small ones that lie.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "tests"
)]

use axum::{
    Router,
    extract::Path as UrlPath,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::{Access, Space, SpaceTool};
use std::{
    io::{BufRead, BufReader},
    net::Ipv4Addr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers");

/// A running app. It ends when dropped, and when this process does.
struct Peer {
    process: Child,
    url: String,
    _output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the app; nothing where Gradio is not installed.
    fn start() -> Option<Self> {
        let python = Path::new(PEERS).join("venv/bin/python3");
        if !python.exists() {
            let line = "SKIPPED: there is no Gradio. To install it: python3 -m venv smol-tools/tests/peers/venv && \
                        smol-tools/tests/peers/venv/bin/pip install -r smol-tools/tests/peers/requirements.txt";
            assert!(std::env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "{line}");
            eprintln!("{line}");
            return None;
        }
        let mut command = Command::new(python);
        command.arg(Path::new(PEERS).join("space.py")).env("GRADIO_ANALYTICS_ENABLED", "False");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("it starts");
        let mut output = BufReader::new(process.stdout.take().expect("an output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("its port");
        let url = format!("http://127.0.0.1:{}", line.trim());
        Some(Self { process, url, _output: output })
    }

    async fn tool(&self, function: &str) -> SpaceTool {
        Space::new(&self.url).api_name(function).access(Access::new().folder(PEERS)).connect().await.unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn call(tool: &SpaceTool, arguments: Value) -> Result<Value, String> {
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

/// One app for all of it: it takes seconds to start.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_app() {
    let Some(peer) = Peer::start() else { return };
    specs(&peer).await;
    results(&peer).await;
    files(&peer).await;
    errors(&peer).await;
}

async fn specs(peer: &Peer) {
    let greet =
        Space::new(&peer.url).api_name("/greet").name("hello").description("Greets").connect().await.unwrap();
    let spec = greet.spec();
    assert_eq!((spec.name.as_str(), spec.description.as_str()), ("hello", "Greets"));
    let expected = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "Who"},
            "times": {"type": "number", "description": "Times", "default": 2},
            "loud": {"type": "boolean", "description": spec.input["properties"]["loud"]["description"], "default": false},
        },
        "required": ["name"],
        "additionalProperties": false,
    });
    assert_eq!(spec.input, expected);
    assert_eq!(spec.output, json!({"type": "string"}));
    assert_eq!(peer.tool("flip").await.spec().output, json!({}));
    // The session's own values are nobody's arguments.
    assert_eq!(peer.tool("remember").await.spec().input["required"], json!(["word"]));
}

async fn results(peer: &Peer) {
    let check = async |function: &str, arguments: Value, expect: Value| {
        assert_eq!(call(&peer.tool(function).await, arguments).await, Ok(expect), "{function}");
    };
    check("greet", json!({"name": "Ada"}), json!("hello Ada hello Ada")).await;
    check("greet", json!({"name": "Ada", "times": 1, "loud": true}), json!("HELLO ADA")).await;
    check("remember", json!({"word": "a"}), json!("a5")).await;
    check("count", json!({"to": 4}), json!("3")).await;
    check("echo", json!({"value": {"a": [1, null]}}), json!({"got": {"a": [1, null]}})).await;
    // The same, as gradio_client has it.
    let script = "import sys; from gradio_client import Client; \
                  print(Client(sys.argv[1], verbose=False).predict('Ada', 3, False, api_name='/greet'))";
    let output = Command::new(Path::new(PEERS).join("venv/bin/python3"))
        .args(["-c", script, &peer.url])
        .output()
        .unwrap();
    let theirs = String::from_utf8(output.stdout).unwrap();
    check("greet", json!({"name": "Ada", "times": 3}), json!(theirs.trim())).await;
}

async fn files(peer: &Peer) {
    let measured = call(&peer.tool("measure").await, json!({"path": "space.py"})).await.unwrap();
    let source = std::fs::read(Path::new(PEERS).join("space.py")).unwrap();
    let bytes = json!({"__type__": "bytes", "base64": STANDARD.encode(&source)});
    assert_eq!(measured, json!([source.len(), bytes]));
    // Two pixels, black over white, turned upside down twice.
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAACCAAAAAC86un7AAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC";
    let image = json!({"__type__": "image", "format": "png", "base64": png});
    let flip = peer.tool("flip").await;
    let once = call(&flip, json!({"image": image})).await.unwrap();
    assert_eq!((&once["__type__"], &once["format"]), (&json!("image"), &json!("png")));
    let twice = call(&flip, json!({"image": once})).await.unwrap();
    assert_eq!(call(&flip, json!({"image": twice})).await.unwrap(), once);
    let small =
        Space::new(&peer.url).api_name("measure").access(Access::new().folder(PEERS)).largest_file(10);
    let error = call(&small.connect().await.unwrap(), json!({"path": "space.py"})).await.unwrap_err();
    assert!(error.contains("larger than the limit of 10 bytes"), "{error}");
}

async fn errors(peer: &Peer) {
    let check = async |function: &str, arguments: Value, expect: &str| {
        let error = call(&peer.tool(function).await, arguments).await.unwrap_err();
        assert!(error.contains(expect), "{error}");
    };
    check("greet", json!({"name": "nobody"}), "the app failed: nobody is there").await;
    check("measure", json!({"path": "/etc/passwd"}), "`/etc/passwd` is not a file that this tool may read")
        .await;
    let connect = async |space: Space| space.connect().await.err().unwrap().to_string();
    let error = connect(Space::new(&peer.url)).await;
    assert!(error.contains("has several functions") && error.contains("/greet"), "{error}");
    let error = connect(Space::new(&peer.url).api_name("predict")).await;
    assert!(error.contains("no function named `predict`"), "{error}");
    let sleep =
        Space::new(&peer.url).api_name("sleep").timeout(Duration::from_secs(1)).connect().await.unwrap();
    let error = call(&sleep, json!({})).await.unwrap_err();
    assert!(error.contains("gave no result within 1 s; last it said: it works on it"), "{error}");
}

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// Gradio 4: no prefix. The Space is private, and its Hub tells where it runs.
#[tokio::test]
async fn an_older_app_in_a_private_space() {
    const EVENTS: &str = "data: {\"msg\": \"estimation\", \"event_id\": \"e\", \"rank\": 2}\n\n\
        data: {\"msg\": \"process_completed\", \"event_id\": \"another\", \"success\": true, \"output\": {\"data\": [1]}}\n\n\
        data: {\"msg\": \"process_completed\", \"event_id\": \"e\", \"success\": true, \"output\": {\"data\": [42]}}\n\n";
    let config = json!({"version": "4.44.1", "protocol": "sse_v3", "components": [],
        "dependencies": [{"id": 0, "inputs": [1], "outputs": [2], "api_name": "predict"}]});
    let info = json!({"named_endpoints": {"/predict": {
        "parameters": [{"label": "x", "parameter_name": "x", "type": {"type": "object"}}], "returns": []}}});
    let app = Router::new()
        .route("/config", get(async move || config.to_string()))
        .route("/info", get(async move || info.to_string()))
        .route(
            "/queue/join",
            post(async |body: String| {
                assert!(body.contains(r#""data":[{"a":1}]"#), "{body}");
                r#"{"event_id": "e"}"#
            }),
        )
        .route("/queue/data", get(async || EVENTS));
    let host = serve(app).await;
    let about = async move |headers: HeaderMap, UrlPath((owner, name)): UrlPath<(String, String)>| {
        assert_eq!((owner.as_str(), name.as_str()), ("owner", "name"));
        match headers.get("authorization").is_some_and(|token| token == "Bearer hf_x") {
            true => (StatusCode::OK, json!({"host": host}).to_string()),
            false => (StatusCode::NOT_FOUND, "no such Space".to_owned()),
        }
    };
    let hub = serve(Router::new().route("/api/spaces/{owner}/{name}", get(about))).await;
    let space = || Space::new("owner/name").hub(&hub);
    let tool = space().token("hf_x").connect().await.unwrap();
    assert_eq!(tool.spec().input["properties"]["x"], json!({"description": "x"}));
    assert_eq!(call(&tool, json!({"x": {"a": 1}})).await, Ok(json!(42)));
    let error = space().connect().await.err().unwrap().to_string();
    assert!(error.contains("404") && error.contains("a private Space needs a token"), "{error}");
}

#[tokio::test]
async fn what_is_no_app_is_told() {
    let check = async |app: Router, expect: &str| {
        let base = serve(app).await;
        let error = Space::new(base).connect().await.err().unwrap().to_string();
        assert!(error.contains(expect), "{error}");
    };
    let answer = |body: &'static str| Router::new().route("/config", get(async move || body));
    check(Router::new(), "answered 404").await;
    check(answer("<html>"), "is no Gradio app that can be called").await;
    check(answer(r#"{"protocol": "ws"}"#), "it speaks `ws`").await;
    let error = Space::new("http://127.0.0.1:1").connect().await.err().unwrap().to_string();
    assert!(error.contains("could not reach `http://127.0.0.1:1"), "{error}");
}
