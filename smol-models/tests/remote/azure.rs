//! Azure's addresses, keys and refusals; the rest is OpenAI's wire.

use super::server::{Answer, Server, end, question, text};
use serde_json::{Value, json};
use smol_core::model::complete;
use smol_models::{
    azure::{AzureOpenAi, AzureOpenAiModel},
    dialect::{Dialect, Settings},
    openai::OpenAiChat,
};

/// A model and where it asks, under `/prefix` of a server.
async fn check(make: impl FnOnce(AzureOpenAiModel) -> AzureOpenAiModel, base: &str, line: &str, key: &str) {
    let server = Server::start([Answer::stream([text("a"), end()])]);
    let model = AzureOpenAiModel::new("ours 4o").azure_endpoint(server.url.replace("/v1", base)).retries(0);
    assert_eq!(complete(&make(model), question()).await.map(|reply| reply.text).as_deref(), Ok("a"));
    let (head, body) = &server.requests()[0];
    assert!(head.starts_with(&format!("POST {line} HTTP/1.1\r\n")), "{head}");
    assert!(head.to_lowercase().contains(&format!("\r\n{key}\r\n")), "{head}");
    let settings = Settings { model: "ours 4o".into(), ..Settings::default() };
    assert_eq!(*body, OpenAiChat::default().request(&question(), &settings, true).unwrap());
}

#[tokio::test]
async fn each_deployment_has_its_address() {
    let key = "api-key: key-12345";
    let versionless = "/openai/v1/chat/completions";
    let of_version = "/openai/deployments/ours%204o/chat/completions?api-version=2024-10-21";
    check(|model| model.api_key("key-12345"), "", versionless, key).await;
    check(|model| model.api_key("key-12345"), "/openai/v1/", versionless, key).await;
    check(|model| model.api_key("key-12345").api_version("2024-10-21"), "/", of_version, key).await;
    check(|model| model.api_key("key-12345").api_version("2024-10-21"), "/openai/v1", versionless, key).await;
    let token = "authorization: bearer token-12345";
    check(|model| model.azure_ad_token("token-12345"), "", versionless, token).await;
}

#[test]
fn debug_output_has_no_key() {
    let model = AzureOpenAiModel::new("m").azure_ad_token("token-12345").api_version("v");
    assert!(!format!("{model:?}").contains("12345"), "{model:?}");
}

#[test]
fn refusals_are_explained() {
    #[track_caller]
    fn check(status: u16, said: &Value, expect: Option<&str>) {
        assert_eq!(AzureOpenAi::default().hint(status, &said.to_string()).as_deref(), expect);
    }
    let filter = json!({
        "hate": {"filtered": false, "severity": "safe"}, "violence": {"filtered": true, "severity": "high"},
        "jailbreak": {"filtered": true, "detected": true},
    });
    let inner = json!({"code": "ResponsibleAIPolicyViolation", "content_filter_result": filter});
    let said = json!({"error": {"message": "The response was filtered.", "code": "content_filter", "status": 400, "innererror": inner}});
    let expect = "the deployment's content filter objects to the prompt: `violence`, `jailbreak`";
    check(400, &said, Some(expect));
    check(400, &json!({"error": {"message": "no", "innererror": {"content_filter_result": {}}}}), None);
    check(401, &json!({"error": {"code": "401", "message": "wrong key"}}), None);
    let missing =
        "is the deployment's own name given, not that of its model, and is the address that of its resource?";
    check(404, &json!({"error": {"code": "DeploymentNotFound"}}), Some(missing));
}

#[tokio::test]
async fn a_filtered_prompt_is_told() {
    let inner = json!({"content_filter_result": {"self_harm": {"filtered": true}}});
    let said = json!({"error": {"message": "The prompt was filtered.", "code": "content_filter", "innererror": inner}});
    let server = Server::start([Answer::new(400, "content-type: application/json\r\n", &said.to_string())]);
    let model = AzureOpenAiModel::new("m").azure_endpoint(&server.url).retries(0);
    let error = complete(&model, question()).await.unwrap_err().to_string();
    let expect = "400: The prompt was filtered.\n\nhint: the deployment's content filter objects to the prompt: `self_harm`";
    assert!(error.ends_with(expect), "{error}");
}
