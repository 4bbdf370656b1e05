//! Recorded traffic: played as it came, and only to the same request.

use super::server::{Answer, Server, ask, event, text};
use serde_json::json;
use smol_models::{cassette::Cassette, openai::OpenAiModel};
use std::{fs, sync::Arc};

const KEY: &str = "sk-canary-0123456789";

fn last() -> String {
    event(&json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
}

#[tokio::test]
async fn what_was_recorded_is_played_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hello.jsonl");
    let refused = format!("{{\"error\": {{\"message\": \"{KEY} may not\"}}}}");
    let answers = [
        Answer::stream([text("Gr"), text("üße"), last()]),
        Answer::new(403, "content-type: application/json\r\n", &refused),
    ];
    let server = Server::start(answers);
    let tape = Arc::new(Cassette::record(&path).unwrap());
    let model = server.model("m").api_key(KEY).cassette(tape);
    let (said, error) = (ask(&model).await.unwrap(), ask(&model).await.unwrap_err());
    let url = server.url.clone();
    drop(server);

    assert!(!fs::read_to_string(&path).unwrap().contains("canary"));
    let tape = Arc::new(Cassette::replay(&path).unwrap());
    let model = OpenAiModel::new("m").api_base(url).api_key(KEY).cassette(Arc::clone(&tape));
    assert_eq!(tape.unused(), 2);
    assert_eq!(ask(&model).await.unwrap(), said);
    assert_eq!(ask(&model).await.unwrap_err(), error);
    assert_eq!(tape.unused(), 0);
    let error = ask(&model).await.unwrap_err().to_string();
    assert!(error.contains("has no recording left for a request"), "{error}");
}

#[tokio::test]
async fn another_request_is_told_where_it_differs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hello.jsonl");
    let server = Server::start([Answer::stream([text("a"), last()])]);
    let url = server.url.clone();
    ask(&server.model("m").cassette(Arc::new(Cassette::record(&path).unwrap()))).await.unwrap();
    let check = async |model: OpenAiModel, expect: &str| {
        let tape = Arc::new(Cassette::replay(&path).unwrap());
        let error = ask(&model.cassette(tape)).await.unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    };
    let model = |name: &str| OpenAiModel::new(name).api_base(&url);
    check(model("n"), "at `/model` it has `\"m\"`, not `\"n\"`").await;
    check(model("m").temperature(0.5), "at `/temperature` it has `null`, not `0.5`").await;
    check(model("m").api_base("http://127.0.0.1:1/v1"), "its address is").await;
}

#[test]
fn a_damaged_cassette_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.jsonl");
    let error = Cassette::replay(&path).unwrap_err().to_string();
    assert!(error.contains("cannot be used"), "{error}");
    fs::write(&path, "{\"url\": 1}\n").unwrap();
    let error = Cassette::replay(&path).unwrap_err().to_string();
    assert!(
        error.starts_with("line 1 of the cassette") && error.ends_with("hint: record it again"),
        "{error}"
    );
}
