//! The original's classes of models, and this crate's `provider/model`.

use super::ShareError;
use smol_hub::folder::ModelFile;

/// A class of the original whose `model_id` is a model of one provider here. Of several for one provider the first is
/// written.
const CLASSES: [(&str, &str); 11] = [
    ("InferenceClientModel", "huggingface"),
    ("HfApiModel", "huggingface"),
    ("OpenAIModel", "openai"),
    ("OpenAIServerModel", "openai"),
    ("AzureOpenAIModel", "azure"),
    ("AmazonBedrockModel", "bedrock"),
    ("AmazonBedrockServerModel", "bedrock"),
    ("TransformersModel", "local"),
    ("VLLMModel", "local"),
    ("MLXModel", "local"),
    ("LiteLLMModel", ""),
];

/// What the original's classes call the address of a server.
const ADDRESSES: [&str; 3] = ["api_base", "base_url", "azure_endpoint"];

/// A model as this crate names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelId {
    /// Such as `openai/gpt-4o`.
    pub id: String,
    /// The address of its server, where it is not the provider's own.
    pub api_base: Option<String>,
}

/// The model that a file of the original means.
pub(super) fn id(file: &ModelFile) -> Result<ModelId, ShareError> {
    let class = file.class.as_str();
    let class = if class == "LiteLLMRouterModel" { "LiteLLMModel" } else { class };
    let unknown = || ShareError::Model { class: file.class.clone() };
    let (_, provider) = CLASSES.iter().find(|(known, _)| *known == class).ok_or_else(unknown)?;
    let mut id = file.model_id().ok_or_else(unknown)?.to_owned();
    if !provider.is_empty() {
        id = format!("{provider}/{id}");
    }
    let text =
        |name: &str| file.data.get(name).and_then(|value| value.as_str()).filter(|value| !value.is_empty());
    if let (&"huggingface", Some(service)) = (provider, text("provider").filter(|service| *service != "auto"))
    {
        id = format!("{id}:{service}");
    }
    Ok(ModelId { id, api_base: ADDRESSES.iter().find_map(|name| text(name)).map(str::to_owned) })
}

/// The class of the original that is made with `id`. An id without a provider is one of the Hub.
pub(super) fn file(id: &str) -> ModelFile {
    let (provider, name) = id.split_once('/').unwrap_or(("", id));
    let known = CLASSES.iter().find(|(_, known)| !known.is_empty() && *known == provider);
    match (known, provider) {
        (Some((class, "huggingface")), _) => match name.rsplit_once(':') {
            Some((name, service)) => {
                let mut file = ModelFile::new(*class, name);
                file.data.insert("provider".to_owned(), service.into());
                file
            }
            None => ModelFile::new(*class, name),
        },
        // It asks for an address that is not known here.
        (Some((_, "azure")), _) => ModelFile::new("LiteLLMModel", id),
        (Some((class, _)), _) => ModelFile::new(*class, name),
        // Models of tests, and whatever has no provider: a class that the original makes without more packages.
        (None, "" | "test") => ModelFile::new("InferenceClientModel", id),
        (None, _) => ModelFile::new("LiteLLMModel", id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, Value, json};

    #[test]
    fn models_go_there_and_back() {
        let check = |ours: &str, class: &str, data: Value| {
            let found = file(ours);
            assert_eq!((found.class.as_str(), Value::Object(found.data.clone())), (class, data), "{ours}");
            assert_eq!(id(&found).unwrap(), ModelId { id: ours.to_owned(), api_base: None });
        };
        check("openai/gpt-4o", "OpenAIModel", json!({"model_id": "gpt-4o"}));
        check("huggingface/a/b", "InferenceClientModel", json!({"model_id": "a/b"}));
        check("huggingface/a/b:groq", "InferenceClientModel", json!({"model_id": "a/b", "provider": "groq"}));
        check("anthropic/claude-x", "LiteLLMModel", json!({"model_id": "anthropic/claude-x"}));
        check("azure/mine", "LiteLLMModel", json!({"model_id": "azure/mine"}));
        check("local/a/b", "TransformersModel", json!({"model_id": "a/b"}));
        check("bedrock/us.x", "AmazonBedrockModel", json!({"model_id": "us.x"}));
    }

    #[test]
    fn older_classes_are_known() {
        let read = |class: &str, data: Value| {
            let Value::Object(data) = data else { panic!("{data}") };
            id(&ModelFile { class: class.to_owned(), data })
        };
        let found = read("OpenAIServerModel", json!({"model_id": "m", "api_base": "http://x/v1"})).unwrap();
        assert_eq!((found.id.as_str(), found.api_base.as_deref()), ("openai/m", Some("http://x/v1")));
        assert_eq!(
            read("HfApiModel", json!({"model_id": "a/b", "provider": "auto"})).unwrap().id,
            "huggingface/a/b"
        );
        assert!(matches!(read("Other", json!({})), Err(ShareError::Model { class }) if class == "Other"));
        assert!(id(&ModelFile { class: "OpenAIModel".to_owned(), data: Map::new() }).is_err());
    }
}
