//! A service that transcribes, as OpenAI's wire has it.

use crate::parts::serve;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::{Access, RemoteTranscriber, TranscriptionTool};
use std::time::Duration;

/// Answers as the service does, if the form is what it should be.
async fn service(headers: HeaderMap, form: Bytes) -> (StatusCode, String) {
    let form = String::from_utf8_lossy(&form);
    let has = |part: &str| form.contains(part);
    if headers.get("authorization").is_none_or(|key| key != "Bearer key") {
        return (StatusCode::UNAUTHORIZED, r#"{"error": {"message": "no key"}}"#.to_owned());
    }
    assert!(has("name=\"model\"\r\n\r\nwhisper-1") && has("filename=\"talk.wav\"") && has("RIFF"), "{form}");
    assert!(has("name=\"response_format\"\r\n\r\nverbose_json"), "{form}");
    let language = if has("name=\"language\"\r\n\r\nde") { "german" } else { "english" };
    let segments = json!([{"id": 0, "start": 0.0, "end": 61.5, "text": " Hello.", "temperature": 0.0}]);
    let answer = json!({"text": " Hello.", "language": language, "duration": 61.5, "segments": segments});
    (StatusCode::OK, answer.to_string())
}

async fn call(key: &str, arguments: Value) -> Result<Value, String> {
    let base = serve(Router::new().route("/v1/audio/transcriptions", post(service))).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("talk.wav"), "RIFF").unwrap();
    let service = RemoteTranscriber::new(format!("{base}/v1/"), "whisper-1").key(key);
    let tool = TranscriptionTool::new(service.timeout(Duration::from_secs(20)))
        .access(Access::new().folder(folder.path()));
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

#[tokio::test]
async fn the_recording_goes_there_and_its_words_come_back() {
    assert_eq!(call("key", json!({"audio": "talk.wav"})).await, Ok(json!("Hello.")));
    let timed = call("key", json!({"audio": "talk.wav", "language": "de", "timestamps": true})).await;
    assert_eq!(timed, Ok(json!("[00:00.0 - 01:01.5] Hello.\n")));
}

#[tokio::test]
async fn its_complaint_is_told_without_the_key() {
    let error = call("wrong-key", json!({"audio": "talk.wav"})).await.unwrap_err();
    assert!(error.contains("401") && error.contains("no key") && !error.contains("wrong-key"), "{error}");
}
