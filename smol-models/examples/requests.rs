//! Makes one call of each kind at a server that writes down what it is asked. `cargo xtask it requests` holds them beside
//! those of the original.
//!
//! `requests URL`

use serde_json::json;
use smol_core::{
    message::{Message, Role},
    model::{Request, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::openai::OpenAiModel;
use std::env;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::args().nth(1).ok_or("usage: requests URL")?;
    let model = |name: &str| OpenAiModel::new(name).api_base(&url).streaming(false);
    let messages = vec![Message::new(Role::System, "Be brief."), Message::new(Role::User, "Hello")];
    let plain = Request::new(messages);
    let mut stopping = plain.clone();
    stopping.stop = vec!["</code>".to_owned()];
    let mut calling = plain.clone();
    calling.tools = vec![add()];
    calling.tool_choice = ToolChoice::Required;
    let mut formed = plain.clone();
    formed.schema = Some(json!({
        "type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"],
        "additionalProperties": false,
    }));
    complete(&model("gpt-4o"), stopping.clone()).await?;
    complete(&model("gpt-4o").temperature(0.5).max_tokens(9), plain.clone()).await?;
    complete(&model("o3"), stopping).await?;
    complete(&model("gpt-4o"), calling).await?;
    complete(&model("gpt-4o"), formed).await?;
    complete(&model("gpt-4o").streaming(true), plain).await?;
    Ok(())
}

fn add() -> ToolSpec {
    let mut add = ToolSpec::new("add", "Adds two numbers.");
    let number = |description: &str| json!({"type": "integer", "description": description});
    add.input = json!({
        "type": "object", "properties": {"a": number("One."), "b": number("Another.")}, "required": ["a", "b"],
    });
    add
}
