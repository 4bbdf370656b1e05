//! Modal's own server, as one token may use it: apps, images, sandboxes.

use super::{messages as wire, rpc};
use crate::cloud::{ANSWER, RETRIES, Refusal, Secret};
use backon::{ExponentialBuilder, Retryable};
use prost::Message;
use smol_core::exec::Progress;
use std::time::{Duration, SystemTime};
use tonic::{
    Code, Status,
    metadata::{AsciiMetadataValue, MetadataMap},
    transport::Channel,
};

/// The version of Modal's own library that we speak like; the server refuses old ones.
const VERSION: &str = "1.6.4";

/// `CLIENT_TYPE_CLIENT`.
const CLIENT: &str = "1";

/// The first wait before a call is made again.
const WAIT: Duration = Duration::from_millis(100);

/// How long the server may be silent about an image that is built.
const BUILD_SILENCE: Duration = Duration::from_secs(55);

/// How long an image may take to build.
const BUILD: Duration = Duration::from_secs(20 * 60);

macro_rules! path {
    ($method:literal) => {
        concat!("/modal.client.ModalClient/", $method)
    };
}

/// A token: its name and its secret.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) id: Secret,
    pub(super) secret: Secret,
}

/// Where sandboxes are made from.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) app: String,
    pub(super) image: String,
}

#[derive(Clone)]
pub(super) struct Server {
    channel: Channel,
    pub(super) url: String,
    token: Token,
}

impl Server {
    /// With connections of its own: they belong to the runtime that uses them.
    pub(super) fn new(url: String, token: Token) -> Result<Self, Refusal> {
        let channel = rpc::channel(&url).map_err(|status| {
            Refusal::new(format!("`{url}`: {}", rpc::words(&status)), "check `MODAL_SERVER_URL`")
        })?;
        Ok(Self { channel, url, token })
    }

    pub(super) fn anew(&self) -> Result<Self, Refusal> {
        Self::new(self.url.clone(), self.token.clone())
    }

    /// Finds or makes an app, and an image in it.
    pub(super) async fn place(
        &self,
        app: &str,
        base: &str,
        progress: Progress<'_>,
    ) -> Result<Place, Refusal> {
        let made = wire::AppGetOrCreateRequest {
            app_name: app.to_owned(),
            environment_name: String::new(),
            object_creation_type: wire::CREATE_IF_MISSING,
        };
        let made: wire::AppGetOrCreateResponse = self.ask(path!("AppGetOrCreate"), made).await?;
        let environment = wire::EnvironmentGetOrCreateRequest::default();
        let environment: wire::EnvironmentGetOrCreateResponse =
            self.ask(path!("EnvironmentGetOrCreate"), environment).await?;
        let settings = environment.metadata.and_then(|metadata| metadata.settings).unwrap_or_default();
        let image = wire::ImageGetOrCreateRequest {
            image: Some(wire::Image { dockerfile_commands: vec![format!("FROM {base}")] }),
            app_id: made.app_id.clone(),
            namespace: wire::WORKSPACE,
            builder_version: settings.image_builder_version,
        };
        let image: wire::ImageGetOrCreateResponse = self.ask(path!("ImageGetOrCreate"), image).await?;
        let mut result = image.result.unwrap_or_default();
        if result.status == 0 {
            progress(format!("Modal makes an image of `{base}`"));
            let built = tokio::time::timeout(BUILD, self.built(&image.image_id)).await;
            let late = |_| Err(Refusal::new(format!("the image `{base}` was not built in time"), ""));
            result = built.unwrap_or_else(late)?;
        }
        match result.status {
            wire::SUCCESS => Ok(Place { app: made.app_id, image: image.image_id }),
            _ => Err(Refusal::new(
                format!("no image could be made of `{base}`: {}", self.strike_out(&result.exception)),
                "is there such an image, and may it be had without a key?",
            )),
        }
    }

    /// How the building of an image ended.
    async fn built(&self, image: &str) -> Result<wire::GenericResult, Refusal> {
        let mut last = String::new();
        loop {
            let request = wire::ImageJoinStreamingRequest {
                image_id: image.to_owned(),
                timeout: BUILD_SILENCE.as_secs_f32(),
                last_entry_id: last.clone(),
            };
            let stream =
                rpc::stream(&self.channel, path!("ImageJoinStreaming"), self.metadata()?, request).await;
            let mut stream: tonic::Streaming<wire::ImageJoinStreamingResponse> =
                stream.map_err(|status| self.refusal(&status))?;
            while let Some(news) = stream.message().await.map_err(|status| self.refusal(&status))? {
                if let Some(result) = news.result.filter(|result| result.status != 0) {
                    return Ok(result);
                }
                if !news.entry_id.is_empty() {
                    last = news.entry_id;
                }
            }
        }
    }

    /// Makes a sandbox that sleeps.
    pub(super) async fn create(
        &self,
        place: &Place,
        network: bool,
        lifetime: Duration,
    ) -> Result<wire::SandboxCreateV2Response, Refusal> {
        let access = if network { wire::OPEN } else { wire::BLOCKED };
        let seconds = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
        let definition = wire::Sandbox {
            entrypoint_args: vec!["sleep".to_owned(), seconds.to_string()],
            image_id: place.image.clone(),
            timeout_secs: seconds,
            network_access: Some(wire::NetworkAccess { network_access_type: access }),
        };
        let request =
            wire::SandboxCreateV2Request { app_id: place.app.clone(), definition: Some(definition) };
        self.of_sandboxes(path!("SandboxCreateV2"), "", request).await
    }

    /// Calls a method that is about sandboxes: those want a token that lasts for minutes, and, once it is made, the
    /// sandbox's own.
    pub(super) async fn of_sandboxes<Q, R>(
        &self,
        path: &'static str,
        own: &str,
        request: Q,
    ) -> Result<R, Refusal>
    where
        Q: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        let short: wire::AuthTokenGetResponse = self.ask(path!("AuthTokenGet"), wire::Empty {}).await?;
        let mut metadata = self.metadata()?;
        for (name, value) in [("x-modal-auth-token", short.token.as_str()), ("x-modal-sandbox-token", own)] {
            if !value.is_empty() {
                metadata.insert(name, hidden(value)?);
            }
        }
        self.ask_with(path, metadata, request).await
    }

    async fn ask<Q, R>(&self, path: &'static str, request: Q) -> Result<R, Refusal>
    where
        Q: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        self.ask_with(path, self.metadata()?, request).await
    }

    async fn ask_with<Q, R>(
        &self,
        path: &'static str,
        mut metadata: MetadataMap,
        request: Q,
    ) -> Result<R, Refusal>
    where
        Q: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        // What makes two calls the same to the server.
        metadata.insert("x-idempotency-key", hidden(&uuid::Uuid::new_v4().to_string())?);
        let attempt = || rpc::unary(&self.channel, path, metadata.clone(), request.clone(), ANSWER);
        let policy = ExponentialBuilder::new().with_min_delay(WAIT).with_max_times(RETRIES).with_jitter();
        attempt.retry(policy).when(rpc::is_passing).await.map_err(|status| self.refusal(&status))
    }

    fn metadata(&self) -> Result<MetadataMap, Refusal> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mut metadata = MetadataMap::new();
        metadata.insert("x-modal-client-version", AsciiMetadataValue::from_static(VERSION));
        metadata.insert("x-modal-client-type", AsciiMetadataValue::from_static(CLIENT));
        metadata.insert("x-modal-timestamp", hidden(&now.as_secs_f64().to_string())?);
        metadata.insert("x-modal-token-id", hidden(self.token.id.expose())?);
        metadata.insert("x-modal-token-secret", hidden(self.token.secret.expose())?);
        Ok(metadata)
    }

    fn strike_out(&self, text: &str) -> String {
        self.token.secret.strike_out(&self.token.id.strike_out(text))
    }

    fn refusal(&self, status: &Status) -> Refusal {
        let said = self.strike_out(&rpc::words(status));
        match status.code() {
            Code::Unavailable | Code::DeadlineExceeded => Refusal::new(
                format!("Modal does not answer at `{}`: {said}", self.url),
                "check the network, and `MODAL_SERVER_URL` if it is set",
            ),
            Code::Unauthenticated | Code::PermissionDenied => Refusal::new(
                format!("Modal refused the token: {said}"),
                "check `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET`; tokens are made at https://modal.com/settings/tokens",
            ),
            Code::ResourceExhausted => Refusal::new(
                format!("Modal refused: {said}"),
                "the account's limit is reached: end other sandboxes, wait, or raise it at https://modal.com/settings",
            ),
            code => Refusal::new(format!("Modal refused: {said} ({code:?})"), ""),
        }
    }
}

/// A value that is not to be shown.
pub(super) fn hidden(text: &str) -> Result<AsciiMetadataValue, Refusal> {
    let value = AsciiMetadataValue::try_from(text);
    let mut value = value.map_err(|_| Refusal::new("a token holds characters that no token has", ""))?;
    value.set_sensitive(true);
    Ok(value)
}
