//! A key reaches the server and nobody else.

use super::server::{Answer, Server, ask, event, text};
use serde_json::json;

const KEY: &str = "sk-canary-0123456789";
const HEADER: &str = "header-canary-0123456789";

#[tokio::test]
async fn no_error_or_debug_output_holds_a_key_even_if_the_server_echoes_it() {
    let echo = format!("{{\"error\": {{\"message\": \"the key {KEY} with {HEADER} is wrong\"}}}}");
    let answers = [
        Answer::new(401, "content-type: application/json\r\n", &echo),
        Answer::new(500, "", &format!("{KEY} {HEADER}")),
        Answer::new(200, "content-type: application/json\r\n", &format!("{{{KEY} {HEADER}")),
        Answer::new(200, "content-type: text/html\r\n", &format!("<html><title>{KEY} {HEADER}</title>")),
        Answer::new(307, &format!("location: https://example.org/{KEY}/{HEADER}\r\n"), ""),
        Answer::stream([text("a"), event(&json!({"error": {"message": format!("{KEY} {HEADER}")}}))]),
        Answer::stream([text("a"), format!("data: {KEY} {HEADER}\n\n")]),
    ];
    let count = answers.len();
    let server = Server::start(answers);
    let with_password = server.url.replace("http://", "http://someone:pass-canary@");
    let model = server.model("m").api_base(&with_password).api_key(KEY).header("X-Key", HEADER);
    let mut outputs = vec![format!("{model:?}"), format!("{model:#?}")];
    for _ in 0..count {
        let error = ask(&model).await.unwrap_err();
        assert!(format!("{error:?}").contains("***"), "the test must reach the echo: {error:?}");
        outputs.extend([format!("{error}"), format!("{error:?}")]);
    }
    let unusable = ask(&server.model("m").api_key(format!("{KEY}\n"))).await.unwrap_err();
    outputs.push(format!("{unusable:?}"));
    for output in outputs {
        assert!(!output.contains("canary"), "{output}");
    }
    let sent = server.requests();
    assert!(sent.iter().all(|(head, _)| head.contains(KEY) && head.contains(HEADER)), "{sent:?}");
}
