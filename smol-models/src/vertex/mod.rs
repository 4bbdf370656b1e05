//! Google Cloud's Vertex AI: Gemini's wire and Claude's at other addresses, with a token that is fetched.
//!
//! Gemini takes the bodies that AI Studio takes
//! (<https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference>). Claude takes those of its own
//! service, with the model's name in the address instead
//! (<https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai>).

mod credentials;

pub use credentials::Credentials;

use crate::{
    anthropic::Anthropic,
    dialect::{Dialect, Events, Settings, Unsigned, WireError, under},
    gemini::{self, Gemini},
    remote::RemoteModel,
};
use futures::future::BoxFuture;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use smol_core::model::{Delta, ModelError, Request};
use std::sync::Arc;

/// The version of Claude's wire, which stands in the body here.
const CLAUDE_VERSION: &str = "vertex-2023-10-16";
/// Locations of several regions have addresses of another kind.
const MULTI_REGIONS: [&str; 2] = ["eu", "us"];

/// The wire of one project at one place.
#[derive(Debug, Clone)]
pub struct Vertex {
    project: String,
    location: String,
    family: Family,
    credentials: Option<Arc<Credentials>>,
}

/// Whose bodies a model takes.
#[derive(Debug, Clone)]
enum Family {
    Gemini(Gemini),
    Claude(Anthropic),
}

/// A model of Vertex AI.
///
/// ```
/// use smol_models::vertex::VertexModel;
///
/// let model = VertexModel::new("gemini-2.5-flash", "my-project", "global").api_key("a token of gcloud");
/// ```
pub type VertexModel = RemoteModel<Vertex>;

impl VertexModel {
    /// The model of this name, Google's or a Claude, in a project at a location such as `europe-west4` or `global`. Its
    /// key is a token, as `gcloud auth print-access-token` gives one; [`VertexModel::credentials`] fetches them.
    pub fn new(model: impl Into<String>, project: impl Into<String>, location: impl Into<String>) -> Self {
        let model = model.into();
        let dialect = Vertex::new(&model, project, location);
        let base = dialect.base();
        Self::with_dialect(dialect, model.clone(), base).known_as(&model, None)
    }

    /// See [`Vertex::claude`].
    ///
    /// ```
    /// use smol_models::{anthropic::Anthropic, vertex::VertexModel};
    ///
    /// let model = VertexModel::new("claude-sonnet-4-5@20250929", "my-project", "global")
    ///     .claude(Anthropic::default().thinking_budget(4096));
    /// ```
    pub fn claude(mut self, wire: Anthropic) -> Self {
        self.dialect_mut().family = Family::Claude(wire);
        self
    }

    /// See [`Vertex::credentials`].
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.dialect_mut().credentials = Some(Arc::new(credentials));
        self
    }
}

impl Vertex {
    /// The wire of the model of this name, Google's or a Claude, in a project at a location.
    pub fn new(model: &str, project: impl Into<String>, location: impl Into<String>) -> Self {
        let family = if model.contains("claude") {
            Family::Claude(Anthropic::default())
        } else {
            Family::Gemini(Gemini)
        };
        Self { project: project.into(), location: location.into(), family, credentials: None }
    }

    /// Speaks Claude's wire, in this way: how long it may think, and what is marked for the cache.
    pub fn claude(self, wire: Anthropic) -> Self {
        Self { family: Family::Claude(wire), ..self }
    }

    /// Fetches tokens with these, when they are needed. Clones share the token.
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self { credentials: Some(Arc::new(credentials)), ..self }
    }

    /// The address of the location, up to its version.
    pub fn base(&self) -> String {
        let host = match self.location.as_str() {
            "global" => "aiplatform.googleapis.com".to_owned(),
            several if MULTI_REGIONS.contains(&several) => format!("aiplatform.{several}.rep.googleapis.com"),
            region => format!("{region}-aiplatform.googleapis.com"),
        };
        format!("https://{host}/v1")
    }

    fn wire(&self) -> &dyn Dialect {
        match &self.family {
            Family::Gemini(wire) => wire,
            Family::Claude(wire) => wire,
        }
    }

    fn models_of(&self, publisher: &'static str) -> [&str; 7] {
        ["projects", &self.project, "locations", &self.location, "publishers", publisher, "models"]
    }
}

impl Dialect for Vertex {
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url {
        match &self.family {
            Family::Gemini(_) => gemini::ask_at(base, &self.models_of("google"), &settings.model, stream),
            Family::Claude(_) => {
                let method = if stream { "streamRawPredict" } else { "rawPredict" };
                let model = format!("{}:{method}", settings.model);
                under(base, &[&self.models_of("anthropic")[..], &[model.as_str()]].concat())
            }
        }
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        let mut body = self.wire().request(request, settings, stream)?;
        if let (Family::Claude(_), Some(fields)) = (&self.family, body.as_object_mut()) {
            fields.remove("model");
            fields.insert("anthropic_version".to_owned(), json!(CLAUDE_VERSION));
        }
        Ok(body)
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        self.wire().response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        self.wire().events()
    }

    fn secrets(&self) -> Vec<SecretString> {
        self.credentials.as_ref().map(|credentials| credentials.secrets()).unwrap_or_default()
    }

    fn sign<'a>(&'a self, _: Unsigned<'a>) -> BoxFuture<'a, Result<Vec<(String, SecretString)>, ModelError>> {
        Box::pin(async move {
            let Some(credentials) = &self.credentials else { return Ok(Vec::new()) };
            let token = credentials.token().await?;
            let value = format!("Bearer {}", token.expose_secret());
            Ok(vec![("authorization".to_owned(), value.into())])
        })
    }
}
