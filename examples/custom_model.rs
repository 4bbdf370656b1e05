//! A model of your own: one method that gives a text for a text.
//!
//! ```text
//! cargo run --example custom_model
//! cargo run --example custom_model http://localhost:11434 llama2
//! ```
//!
//! Without the address of an Ollama server, a server of this example stands in for one, so that it needs nothing else and
//! always says the same. (`smolagents::models::ollama` has a model for Ollama that streams and calls tools; this is the
//! least there is to write.)

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use async_trait::async_trait;
use axum::{Json, Router, routing::post};
use serde_json::{Value, json};
use smolagents::{model::ModelError, prelude::*, text_model::TextModel};

/// A model that Ollama runs on this machine.
struct CustomOllamaModel {
    model_id: String,
    base_url: String,
    supports_vision: bool,
}

impl CustomOllamaModel {
    async fn generate(&self, body: Value) -> reqwest::Result<Value> {
        let request = reqwest::Client::new().post(format!("{}/api/generate", self.base_url)).json(&body);
        request.send().await?.error_for_status()?.json().await
    }
}

#[async_trait]
impl TextModel for CustomOllamaModel {
    async fn generate_text(
        &self,
        prompt: &str,
        system_prompt: Option<&str>,
        temperature: f64,
        max_tokens: u64,
    ) -> Result<String, ModelError> {
        let full_prompt = match system_prompt {
            Some(system_prompt) => format!("{system_prompt}\n\n{prompt}"),
            None => prompt.to_owned(),
        };
        let body = json!({
            "model": self.model_id,
            "prompt": full_prompt,
            "stream": false,
            "options": {"temperature": temperature, "num_predict": max_tokens},
        });
        // An error ends the run and says why; an empty text would only puzzle the agent.
        let result = self.generate(body).await.map_err(|error| ModelError::Other(error.to_string()))?;
        Ok(result.get("response").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    fn id(&self) -> &str {
        &self.model_id
    }

    fn supports_vision(&self) -> bool {
        self.supports_vision
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let base_url = match arguments.next() {
        Some(base_url) => base_url,
        None => stand_in().await?,
    };
    let model_id = arguments.next().unwrap_or_else(|| "llama2".to_owned());
    let model = CustomOllamaModel { model_id, base_url, supports_vision: false };
    let agent = CodeAgent::builder(model).build()?;
    let result = agent.run("Tell me about local LLM inference").await?;
    println!("{result}");
    Ok(())
}

/// A server that answers as Ollama would, whatever it is asked.
async fn stand_in() -> anyhow::Result<String> {
    let says = "Thought: I know this.\n<code>\nfinal_answer('The model runs on your own machine.')\n</code>";
    let answer = move |Json(asked): Json<Value>| async move {
        let model = asked.get("model").cloned();
        Json(json!({"model": model, "response": says, "done": true}))
    };
    let server = Router::new().route("/api/generate", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, server).await });
    Ok(format!("http://{address}"))
}
