//! The wire of a service, set up the way it departs from it, and the address of those that have one for each user.

use super::{Options, Provider, Wire, error::no_part, resolve::Lookup};
use crate::{
    anthropic::Anthropic,
    azure::AzureOpenAi,
    cohere::CohereChat,
    dialect::Dialect,
    gemini::Gemini,
    ollama::OllamaChat,
    openai::OpenAiChat,
    responses::Responses,
    vertex::{self, Vertex},
};
use smol_core::model::ModelError;
use std::sync::Arc;

/// How a service is spoken to.
pub(super) struct Way {
    pub(super) wire: Arc<dyn Dialect>,
    /// Where, if the environment decides.
    pub(super) base: Option<String>,
    /// The wire itself shows who asks; no key is needed.
    pub(super) signs: bool,
}

/// How the model `name` of this service is spoken to.
pub(super) fn way(
    provider: &Provider,
    name: &str,
    options: &Options,
    variable: Lookup<'_>,
) -> Result<Way, ModelError> {
    let wire: Arc<dyn Dialect> = match provider.dialect {
        Wire::Openai => Arc::new(chat(provider)),
        Wire::Responses => Arc::new(Responses),
        Wire::Anthropic => Arc::new(Anthropic::default()),
        Wire::Azure => Arc::new(azure(options, variable)),
        Wire::Cohere => Arc::new(CohereChat),
        Wire::Gemini => Arc::new(Gemini),
        Wire::Ollama => Arc::new(OllamaChat),
        Wire::Vertex => return vertex(provider, name, options, variable),
        Wire::Bedrock => return bedrock(provider, options, variable),
    };
    Ok(Way { wire, base: None, signs: false })
}

fn chat(provider: &Provider) -> OpenAiChat {
    OpenAiChat {
        limit_field: provider.limit_field.clone(),
        returns_reasoning: provider.returns_reasoning,
        refuses_required: provider.refuses_required,
        text_only: provider.text_only,
        key_header: provider.key_header.clone(),
    }
}

/// The first of these variables that is set.
fn first(variable: Lookup<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| variable(name))
}

fn azure(options: &Options, variable: Lookup<'_>) -> AzureOpenAi {
    let asked = || first(variable, &["AZURE_API_VERSION", "OPENAI_API_VERSION"]);
    match options.api_version.clone().or_else(asked) {
        Some(version) => AzureOpenAi::default().api_version(version),
        None => AzureOpenAi::default(),
    }
}

fn vertex(
    provider: &Provider,
    name: &str,
    options: &Options,
    variable: Lookup<'_>,
) -> Result<Way, ModelError> {
    let project = first(variable, &["VERTEXAI_PROJECT", "GOOGLE_CLOUD_PROJECT"]);
    let project = project.ok_or_else(|| no_part(provider, "VERTEXAI_PROJECT"))?;
    let location = first(variable, &["VERTEXAI_LOCATION", "GOOGLE_CLOUD_LOCATION"]);
    let wire = Vertex::new(name, project, location.unwrap_or_else(|| "global".to_owned()));
    let base = Some(wire.base());
    let file = vertex::Credentials::usual_file(variable).filter(|file| file.exists());
    Ok(match file.filter(|_| options.api_key.is_none()) {
        Some(file) => {
            let wire = wire.credentials(vertex::Credentials::open(file)?);
            Way { wire: Arc::new(wire), base, signs: true }
        }
        None => Way { wire: Arc::new(wire), base, signs: false },
    })
}

#[cfg(feature = "bedrock")]
fn bedrock(provider: &Provider, options: &Options, variable: Lookup<'_>) -> Result<Way, ModelError> {
    use crate::bedrock::{BedrockConverse, Credentials};
    let profile = profile(variable)?;
    let region = first(variable, &["AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"]);
    let region = region.or(profile.region).ok_or_else(|| no_part(provider, "AWS_REGION"))?;
    let wire = BedrockConverse::new(region);
    let base = wire.base();
    let pair = variable("AWS_ACCESS_KEY_ID").zip(variable("AWS_SECRET_ACCESS_KEY"));
    let pair = pair.map(|(id, secret)| match variable("AWS_SESSION_TOKEN") {
        Some(token) => Credentials::new(id, secret).session_token(token),
        None => Credentials::new(id, secret),
    });
    let has_key = options.api_key.is_some() || variable("AWS_BEARER_TOKEN_BEDROCK").is_some();
    Ok(match pair.or(profile.credentials).filter(|_| !has_key) {
        Some(credentials) => {
            Way { wire: Arc::new(wire.credentials(credentials)), base: Some(base), signs: true }
        }
        None => Way { wire: Arc::new(wire), base: Some(base), signs: false },
    })
}

/// What AWS's own files say: of the profile in `AWS_PROFILE`, else of the default one if there is any.
#[cfg(feature = "bedrock")]
fn profile(variable: Lookup<'_>) -> Result<crate::bedrock::Profile, ModelError> {
    use std::path::{Path, PathBuf};
    let home = first(variable, &["HOME", "USERPROFILE"]).unwrap_or_default();
    let file = |name: &str, usual: &str| {
        variable(name).map_or_else(|| Path::new(&home).join(".aws").join(usual), PathBuf::from)
    };
    let (keys, settings) =
        (file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), file("AWS_CONFIG_FILE", "config"));
    let named = variable("AWS_PROFILE");
    let found = crate::bedrock::read_profile(&keys, &settings, named.as_deref().unwrap_or("default"));
    match named {
        Some(_) => found,
        None => Ok(found.unwrap_or(crate::bedrock::Profile { credentials: None, region: None })),
    }
}

#[cfg(not(feature = "bedrock"))]
fn bedrock(provider: &Provider, _: &Options, _: Lookup<'_>) -> Result<Way, ModelError> {
    Err(ModelError::Setup {
        message: format!("`{}` is not in this build", provider.id),
        hint: "build with the feature `bedrock`".to_owned(),
    })
}
