//! OpenAI's models as Microsoft Azure serves them: OpenAI's wire under addresses and keys of its own.
//!
//! The addresses are those of <https://learn.microsoft.com/azure/ai-foundry/openai/reference>: with a version, each
//! deployment has its own; without one, the `/openai/v1` address takes all, and changes without notice as OpenAI's does.

use crate::{
    dialect::{Dialect, Events, Settings, WireError, under},
    openai::OpenAiChat,
    remote::RemoteModel,
};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// Stands for the address that the user must give: each resource has its own.
const NO_BASE: &str = "";

/// The chat-completions wire of Azure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AzureOpenAi {
    chat: OpenAiChat,
    /// The version of the wire, such as `2024-10-21`.
    api_version: Option<String>,
    /// The key is a token of Microsoft Entra ID.
    bearer: bool,
}

impl AzureOpenAi {
    /// Speaks this version of the wire, at the deployment's own address.
    pub fn api_version(self, version: impl Into<String>) -> Self {
        Self { api_version: Some(version.into()), ..self }
    }

    /// Sends the key as a token of Microsoft Entra ID.
    pub fn bearer(self) -> Self {
        Self { bearer: true, ..self }
    }
}

/// A deployed model behind an Azure resource.
///
/// ```
/// use smol_models::azure::AzureOpenAiModel;
///
/// let model = AzureOpenAiModel::new("gpt-4o-of-ours")
///     .azure_endpoint("https://ours.openai.azure.com")
///     .api_version("2024-10-21")
///     .api_key("the key of the resource");
/// ```
pub type AzureOpenAiModel = RemoteModel<AzureOpenAi>;

/// The original's name for it.
pub type AzureOpenAIModel = AzureOpenAiModel;

impl AzureOpenAiModel {
    /// The deployment of this name. It needs [`Self::azure_endpoint`].
    pub fn new(deployment: impl Into<String>) -> Self {
        let name = deployment.into();
        Self::with_dialect(AzureOpenAi::default(), name.clone(), NO_BASE)
            .known_as(&name, Some("AZURE_OPENAI_API_KEY"))
    }

    /// The address of the resource, such as `https://ours.openai.azure.com`.
    pub fn azure_endpoint(self, endpoint: impl Into<String>) -> Self {
        self.api_base(endpoint)
    }

    /// Speaks this version of the wire, at the deployment's own address. Without it, the versionless address is used.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.dialect_mut().api_version = Some(version.into());
        self
    }

    /// A token of Microsoft Entra ID, in place of a key.
    pub fn azure_ad_token(mut self, token: impl Into<SecretString>) -> Self {
        self.dialect_mut().bearer = true;
        self.api_key(token)
    }
}

impl Dialect for AzureOpenAi {
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url {
        let is_whole = base.path().trim_end_matches('/').ends_with("/openai/v1");
        match &self.api_version {
            Some(version) if !is_whole => {
                let path = ["openai", "deployments", &settings.model, "chat", "completions"];
                let mut url = under(base, &path);
                url.query_pairs_mut().append_pair("api-version", version);
                url
            }
            _ => self.chat.url(&under(base, &["openai", "v1"]), settings, stream),
        }
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        self.chat.request(request, settings, stream)
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        self.chat.response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        self.chat.events()
    }

    fn key_header(&self) -> (&str, &str) {
        if self.bearer { ("authorization", "Bearer ") } else { ("api-key", "") }
    }

    fn hint(&self, status: u16, said: &str) -> Option<String> {
        let said = serde_json::from_str(said).unwrap_or_default();
        let filtered = filtered(&said);
        if !filtered.is_empty() {
            let names = filtered.join("`, `");
            return Some(format!("the deployment's content filter objects to the prompt: `{names}`"));
        }
        (status == 404).then(|| {
            "is the deployment's own name given, not that of its model, and is the address that of its resource?"
                .to_owned()
        })
    }
}

/// The categories of the content filter that refused a prompt.
fn filtered(said: &Value) -> Vec<&str> {
    let found = ["/error/innererror/content_filter_result", "/error/inner_error/content_filter_results"];
    let results = found.iter().find_map(|path| said.pointer(path)?.as_object());
    let objects = |result: &Value| result.get("filtered").and_then(Value::as_bool) == Some(true);
    results
        .into_iter()
        .flatten()
        .filter(|(_, result)| objects(result))
        .map(|(name, _)| name.as_str())
        .collect()
}
