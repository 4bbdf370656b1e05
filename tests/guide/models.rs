//! S15 and S16, and the names by which the guide calls models.

use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use serde_json::{Value, json};
use smolagents::{
    Agent, StartError,
    message::Media,
    model::ModelError,
    models::{
        AzureOpenAIModel, InferenceClientModel, LiteLLMRouterModel, OllamaModel, OpenAIModel,
        OpenAIServerModel, VLLMModel,
        scripted::{FunctionModel, text},
    },
    prelude::*,
    text_model::{TextModel, generate_text},
};
use std::sync::{Arc, Mutex};

/// The guide's way to bring a model of one's own: one method.
struct Own {
    sees: bool,
}

#[async_trait::async_trait]
impl TextModel for Own {
    async fn generate_text(
        &self,
        prompt: &str,
        system_prompt: Option<&str>,
        temperature: f64,
        max_tokens: u64,
    ) -> Result<String, ModelError> {
        let asked = format!("{} {temperature} {max_tokens}", system_prompt.is_some());
        Ok(match prompt.contains("Observation") {
            true => "<code>\nfinal_answer(answer)\n</code>".to_owned(),
            false => format!("<code>\nanswer = 6 * 7\nprint('{asked}')\n</code>\nand more"),
        })
    }

    fn supports_vision(&self) -> bool {
        self.sees
    }
}

#[tokio::test]
async fn s15_one_method_is_a_model() {
    let agent = CodeAgent::builder(Own { sees: false }).build().unwrap();
    let result = agent.run("What is six times seven?").await.unwrap();
    assert_eq!(result.output, json!(42));
    assert!(
        result.steps[0].observations.contains("True 0.7 4096")
            || result.steps[0].observations.contains("true 0.7 4096"),
        "{:?}",
        result.steps[0]
    );
    assert_eq!(
        (Model::supports_vision(&Own { sees: true }), Model::supports_vision(&Own { sees: false })),
        (true, false)
    );
    let picture = Media::bytes("image/png", b"no matter");
    let blind = agent.run("What is this?").images([picture]).start().err();
    assert_eq!(
        blind.map(|error| error.to_string()),
        Some(StartError::Blind { model: "custom".to_owned() }.to_string())
    );
}

#[tokio::test]
async fn s15_any_model_generates_text_and_a_closure_is_one() {
    let model = FunctionModel::new(|request| {
        let roles: Vec<String> = request.messages.iter().map(|message| message.text()).collect();
        text(format!("{roles:?} {:?} {:?}", request.temperature, request.max_tokens))
    });
    let said = generate_text(&model, "hello", Some("be brief"), 0.2, 9).await.unwrap();
    assert_eq!(said, r#"["be brief", "hello"] Some(0.2) Some(9)"#);
    assert_eq!(
        generate_text(&Own { sees: false }, "Observation", None, 0.0, 1).await.unwrap(),
        "<code>\nfinal_answer(answer)\n</code>"
    );
}

type Seen = Arc<Mutex<Vec<(String, String, Value)>>>;

/// A server that answers every wire's question, and remembers address, key and model.
async fn server() -> (String, Seen) {
    let seen = Seen::default();
    let answer = |State(seen): State<Seen>,
                  uri: axum::http::Uri,
                  headers: HeaderMap,
                  Json(body): Json<Value>| async move {
        let key = ["authorization", "api-key"].into_iter().find_map(|name| headers.get(name)?.to_str().ok());
        seen.lock().unwrap().push((
            uri.to_string(),
            key.unwrap_or_default().to_owned(),
            body["model"].clone(),
        ));
        let message = json!({"role": "assistant", "content": "<code>\nfinal_answer('ok')\n</code>"});
        Json(
            json!({"choices": [{"message": message, "finish_reason": "stop"}], "message": message, "done": true}),
        )
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/{*path}", post(answer)).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (url, seen)
}

#[tokio::test]
async fn s16_the_originals_names_are_models() {
    let (url, seen) = server().await;
    let agent = |model: Arc<dyn Model>| -> Agent { CodeAgent::builder(model).build().unwrap() };
    let check = async |model: Arc<dyn Model>, path: &str, key: &str, name: Value| {
        assert_eq!(agent(model).run("Do it").await.unwrap().output, json!("ok"));
        assert_eq!(seen.lock().unwrap().pop(), Some((path.to_owned(), key.to_owned(), name)));
    };
    let hub = InferenceClientModel::new("deepseek-ai/DeepSeek-R1").provider("together").token("hf_token");
    let hub = Arc::new(hub.api_base(format!("{url}/v1")).streaming(false));
    check(hub, "/v1/chat/completions", "Bearer hf_token", json!("deepseek-ai/DeepSeek-R1:together")).await;
    let openai =
        |name: &str| OpenAIModel::new(name).api_base(format!("{url}/v1")).api_key("k").streaming(false);
    check(Arc::new(openai("gpt-4o")), "/v1/chat/completions", "Bearer k", json!("gpt-4o")).await;
    let older: OpenAIServerModel = openai("gpt-4o-mini");
    check(Arc::new(older), "/v1/chat/completions", "Bearer k", json!("gpt-4o-mini")).await;
    let vllm = VLLMModel::new("qwen3").api_base(format!("{url}/v1")).streaming(false);
    check(Arc::new(vllm), "/v1/chat/completions", "", json!("qwen3")).await;
    let ollama = OllamaModel::new("llama2").api_base(&url).streaming(false);
    check(Arc::new(ollama), "/api/chat", "", json!("llama2")).await;
    let azure =
        AzureOpenAIModel::new("ours").azure_endpoint(&url).api_version("2024-08-01-preview").api_key("k");
    let path = "/openai/deployments/ours/chat/completions?api-version=2024-08-01-preview";
    check(Arc::new(azure.streaming(false)), path, "k", json!("ours")).await;
    let router = LiteLLMRouterModel::new("fast").deployment("fast", openai("gpt-4o"), 1);
    check(Arc::new(router), "/v1/chat/completions", "Bearer k", json!("gpt-4o")).await;
}
