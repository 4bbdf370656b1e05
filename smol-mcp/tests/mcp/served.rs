//! Our server, in a process of its own, against the protocol's own Python client and against ours.

use crate::common::{call, connect, peer};
use serde_json::{Value, json};
use smol_mcp::{Answer, Elicitation, Host, McpServers, ServerConfig};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// The program that serves.
fn served() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("examples/serve")
}

/// The program, serving over HTTP. It stops when dropped.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    fn start(token: &str) -> Self {
        let mut process =
            Command::new(served()).args(["0", token]).stdout(Stdio::piped()).spawn().expect("it was built");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the Python client sees is as it should be, however it connects and whatever its user says.
fn serves_python(server: &[&str]) {
    let Some(python) = peer("venv/bin/python3") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mcp/client.py");
    let output = Command::new(python).arg(script).args(server).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let visits: Vec<Value> = output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert_eq!(visits.len(), 4);
    visits.iter().for_each(|seen| check(seen, seen["says"] == "accept"));
}

fn check(seen: &Value, accepted: bool) {
    assert_eq!(
        seen["tools"],
        json!({"cashier": false, "test_simple_text": true, "test_image_content": true,
            "test_embedded_resource": true, "test_multiple_content_types": true, "test_error_handling": true,
            "test_logging_tool": true, "numbers": true, "pair": true, "json_schema_2020_12_tool": true})
    );
    let calls = &seen["calls"];
    let text = "This is a simple text response for testing.";
    let simple = json!({"content": [["text", text]], "structured": null, "error": false});
    assert_eq!(calls["test_simple_text"], simple);
    assert_eq!(calls["test_image_content"]["content"], json!([["image", null]]));
    let kinds = json!([["text", "Several kinds:"], ["image", null], ["resource", null]]);
    assert_eq!(calls["test_multiple_content_types"]["content"], kinds);
    assert_eq!(calls["test_error_handling"]["error"], true);
    assert_eq!(calls["numbers"]["structured"], json!({"result": [1, 2]}));
    assert_eq!(calls["pair"]["structured"], json!({"a": 1}));
    assert_eq!(seen["wrong"]["error"], true);
    assert_eq!(seen["asked"].as_array().unwrap().len(), 1, "{}", seen["asked"]);
    assert!(seen["asked"][0].as_str().unwrap().contains("wants to call `pay` with {}"), "{}", seen["asked"]);
    let answer = seen["paid"]["structured"]["answer"].as_str().unwrap();
    assert_eq!(answer.contains("not approved"), !accepted, "{answer}");
    assert_eq!(seen["paid"]["structured"]["success"], true);
    assert!(!seen["progress"].as_array().unwrap().is_empty(), "{}", seen["progress"]);
    assert_eq!(seen["cancelled"], true);
    assert_eq!(seen["several"], Value::from(vec![json!({"a": 1}); 10]));
}

#[test]
fn the_python_client_is_served_over_standard_input_and_output() {
    serves_python(&[served().to_str().unwrap()]);
}

#[test]
fn the_python_client_is_served_over_http() {
    let server = Served::start("the token");
    serves_python(&[&server.url, "the token"]);
}

#[tokio::test]
async fn our_client_and_our_server_speak_with_each_other() {
    let program = served().to_str().unwrap().to_owned();
    let yes = |_: Elicitation| Answer::Accept([("approve".to_owned(), json!(true))].into_iter().collect());
    let server = Served::start("a token");
    let over_pipes = ServerConfig::command("served", program, [""; 0]);
    let over_http = ServerConfig::http("served", &server.url).header("Authorization", "Bearer a token");
    for config in [over_pipes, over_http] {
        let servers = McpServers::connect([config], Host::default().elicit(yes)).await.unwrap();
        let paid = call(&servers, "cashier", json!({"task": "pay it"})).await.unwrap();
        assert_eq!(paid["answer"], "paid");
        assert_eq!(call(&servers, "numbers", json!({})).await.unwrap(), json!({"result": [1, 2]}));
    }
}

#[tokio::test]
async fn nobody_to_ask_is_a_no() {
    let program = served().to_str().unwrap().to_owned();
    let servers = connect(ServerConfig::command("served", program, [""; 0])).await.unwrap();
    let refused = call(&servers, "cashier", json!({"task": "pay it"})).await.unwrap();
    assert!(refused["answer"].as_str().unwrap().contains("cannot ask its user"), "{refused}");
}

#[test]
fn who_is_not_known_is_kept_out() {
    let server = Served::start("the token");
    let address = server.url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let port = address.rsplit(':').next().unwrap();
    let status = |headers: &str| {
        let body = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
             Connection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut reply = String::new();
        let _ = stream.read_to_string(&mut reply);
        reply.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let here = format!("Host: 127.0.0.1:{port}\r\n");
    let token = "Authorization: Bearer the token\r\n";
    assert_eq!(status(&here), "401");
    assert_eq!(status(&format!("{here}Authorization: Bearer the tokem\r\n")), "401");
    assert_eq!(status(&format!("Host: evil.example.org\r\n{token}")), "403");
    assert_eq!(status(&format!("{here}{token}Origin: https://evil.example.org\r\n")), "403");
    assert_ne!(status(&format!("{here}{token}")), "403");
}
