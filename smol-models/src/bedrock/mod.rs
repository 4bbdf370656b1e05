//! Amazon Bedrock's Converse, one wire for the models of many makers.
//!
//! The wire is that of <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html>. Streams come
//! in Amazon's binary frames ([`Frames`]), and requests carry either a key of Bedrock's own or a signature
//! ([`Credentials`]).

mod blocks;
mod caching;
mod credentials;
mod frames;
mod profile;
mod request;
mod response;

pub use credentials::Credentials;
pub use frames::Frames;
pub use profile::{Profile, read_profile};

use crate::{
    dialect::{Dialect, Events, Framing, Settings, Unsigned, WireError},
    remote::RemoteModel,
};
use futures::future::BoxFuture;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};
use std::time::SystemTime;

/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "bedrock";
/// What a part of a path is escaped in: all but what RFC 3986 never reserves. Signatures cover the escapes.
const PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The Converse wire.
#[derive(Debug, Clone)]
pub struct BedrockConverse {
    region: String,
    /// What requests are signed with; else they carry a key, or nothing.
    credentials: Option<Credentials>,
    /// Whether to mark where the service may keep the prompt; `None` where the model's name tells.
    prompt_caching: Option<bool>,
    /// What a signature says that the time is.
    clock: fn() -> SystemTime,
}

impl BedrockConverse {
    /// The wire in this region, without signatures.
    pub fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), credentials: None, prompt_caching: None, clock: SystemTime::now }
    }

    /// Signs requests with these.
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self { credentials: Some(credentials), ..self }
    }

    /// Signs requests as if it were this late, for tests.
    pub fn clock(self, clock: fn() -> SystemTime) -> Self {
        Self { clock, ..self }
    }

    /// Whether to mark where the service may keep the prompt for the next request.
    pub fn prompt_caching(self, caching: bool) -> Self {
        Self { prompt_caching: Some(caching), ..self }
    }

    /// The address of the service in the region.
    pub(crate) fn base(&self) -> String {
        let china = if self.region.starts_with("cn-") { ".cn" } else { "" };
        format!("https://bedrock-runtime.{}.amazonaws.com{china}", self.region)
    }
}

/// A model of Bedrock's.
///
/// It needs either a key of Bedrock's own ([`RemoteModel::api_key`]) or [`BedrockModel::credentials`], not both. What
/// `extra_body` names goes to the body if Converse has a field of that name, and else to the model itself, as one of its
/// `additionalModelRequestFields`.
///
/// ```
/// use smol_models::bedrock::{BedrockModel, Credentials};
///
/// let model = BedrockModel::new("us.amazon.nova-pro-v1:0", "us-east-1")
///     .credentials(Credentials::new("the id of the access key", "the secret access key"))
///     .max_tokens(2000);
/// ```
pub type BedrockModel = RemoteModel<BedrockConverse>;

/// The original's name for it.
pub type AmazonBedrockModel = BedrockModel;

impl BedrockModel {
    /// The model, inference profile or ARN of this name, in this region.
    pub fn new(model: impl Into<String>, region: impl Into<String>) -> Self {
        let (model, wire) = (model.into(), BedrockConverse::new(region));
        let base = wire.base();
        Self::with_dialect(wire, model.clone(), base).known_as(&model, Some("AWS_BEARER_TOKEN_BEDROCK"))
    }

    /// Signs requests with these.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.dialect_mut().credentials = Some(credentials);
        self
    }

    /// Whether to mark where the service may keep the prompt for the next request, which makes a long conversation
    /// cheaper and a single question dearer. It does so by itself for the models that are known to take such marks.
    pub fn prompt_caching(mut self, caching: bool) -> Self {
        self.dialect_mut().prompt_caching = Some(caching);
        self
    }
}

impl Dialect for BedrockConverse {
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url {
        let call = if stream { "converse-stream" } else { "converse" };
        let model = utf8_percent_encode(&settings.model, &PATH);
        let mut url = base.clone();
        url.set_path(&format!("{}/model/{model}/{call}", base.path().trim_end_matches('/')));
        url
    }

    fn request(&self, request: &Request, settings: &Settings, _: bool) -> Result<Value, ModelError> {
        let mut body = request::request(request, settings)?;
        if self.prompt_caching.unwrap_or_else(|| caching::is_known(&settings.model)) {
            caching::mark(&mut body);
        }
        Ok(body)
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Reader::default())
    }

    fn framing(&self) -> Framing {
        Framing::Amazon
    }

    fn hint(&self, status: u16, said: &str) -> Option<String> {
        let says = |words: &str| said.contains(words);
        let hint = match status {
            400 if says("on-demand throughput") => {
                "put the group of regions before the model's name, such as `us.` or `eu.`"
            }
            400 if says("stopSequences") => {
                "set `inferenceConfig` in `extra_body` to `{\"stopSequences\": null}`: replies are cut all the same"
            }
            400 if says("streaming mode") => "ask for replies at once, with `streaming(false)`",
            400 | 403 if says("caching") => "switch the marks off, with `prompt_caching(false)`",
            401 | 403 if says("expired") => "the credentials have run out: get new ones",
            401 | 403 if self.credentials.is_some() => {
                "are the credentials right, and may they use this model in this region?"
            }
            404 => "is the model's name right, and is it there in this region?",
            _ => return None,
        };
        Some(hint.to_owned())
    }

    fn secrets(&self) -> Vec<SecretString> {
        self.credentials.as_ref().map(Credentials::secrets).unwrap_or_default()
    }

    fn sign<'a>(
        &'a self,
        unsigned: Unsigned<'a>,
    ) -> BoxFuture<'a, Result<Vec<(String, SecretString)>, ModelError>> {
        let signed = match &self.credentials {
            Some(credentials) => credentials.sign(unsigned, &self.region, (self.clock)()),
            None => Ok(Vec::new()),
        };
        Box::pin(std::future::ready(signed))
    }
}
