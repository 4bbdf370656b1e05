//! What a server may send by itself, each handed on to what the [`Host`] has for it.
#![expect(
    deprecated,
    reason = "the protocol wants sampling, roots and logs gone one day, and servers of today use them"
)]

use super::{Answer, Elicitation, Form, Host, News, plain};
use rmcp::{
    ClientHandler, ErrorData,
    model::{
        ClientCapabilities, ClientConfig, CreateMessageRequestMethod, CreateMessageRequestParams,
        CreateMessageResult, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationCapability,
        FormElicitationCapability, Implementation, ListRootsResult, LoggingMessageNotificationParam,
        ProgressNotificationParam, ProtocolVersion, ResourceUpdatedNotificationParam, Root,
        RootsCapabilities, SamplingCapability, UrlElicitationCapability,
    },
    service::{NotificationContext, RequestContext, RoleClient},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// Characters of a server's words to a person or a log.
const LONGEST_WORDS: usize = 1_000;

/// Answers one server.
pub(super) struct Handler {
    server: String,
    host: Host,
    pulse: Pulse,
    version: ProtocolVersion,
}

/// When a server last said that it is still at work.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Mutex<Instant>>);

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    pub(super) fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler {
    pub(super) fn new(server: &str, host: &Host, pulse: Pulse, version: ProtocolVersion) -> Self {
        Self { server: server.to_owned(), host: host.clone(), pulse, version }
    }

    fn tell(&self, news: News) {
        self.host.tell(&self.server, news);
    }

    async fn ask_person(&self, message: String, form: Form) -> ElicitResult {
        let Some(person) = &self.host.elicit else { return ElicitResult::new(ElicitationAction::Decline) };
        let question = Elicitation::new(self.server.as_str(), plain(&message, LONGEST_WORDS), form.clone());
        let answer = match person.elicit(question).await {
            Answer::Accept(values) => form.filled(values),
            Answer::Decline => return ElicitResult::new(ElicitationAction::Decline),
            Answer::Cancel => return ElicitResult::new(ElicitationAction::Cancel),
        };
        self.pulse.beat();
        match answer {
            Ok(Some(values)) => ElicitResult::new(ElicitationAction::Accept).with_content(values),
            Ok(None) => ElicitResult::new(ElicitationAction::Accept),
            Err(fault) => {
                self.tell(News::Log { level: "warning".to_owned(), message: fault });
                ElicitResult::new(ElicitationAction::Cancel)
            }
        }
    }
}

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let elicitation = self.host.elicit.as_ref().map(|_| {
            let mut capability = ElicitationCapability::new();
            capability.form = Some(FormElicitationCapability::new());
            capability.url = Some(UrlElicitationCapability::new());
            capability
        });
        let mut capabilities = ClientCapabilities::default();
        capabilities.elicitation = elicitation;
        capabilities.sampling = self.host.sampling.as_ref().map(|_| SamplingCapability::default());
        capabilities.roots = (!self.host.roots.is_empty()).then(RootsCapabilities::default);
        let program = Implementation::new("smolagents-rs", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(capabilities, program).with_protocol_version(self.version.clone())
    }

    async fn create_message(
        &self,
        params: CreateMessageRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<CreateMessageResult, ErrorData> {
        let sampling = self.host.sampling.as_ref();
        let sampling = sampling.ok_or_else(ErrorData::method_not_found::<CreateMessageRequestMethod>)?;
        let result = sampling.sample(&self.server, params).await;
        self.pulse.beat();
        result
    }

    async fn list_roots(&self, _: RequestContext<RoleClient>) -> Result<ListRootsResult, ErrorData> {
        Ok(ListRootsResult::new(self.host.roots.iter().filter_map(|folder| root(folder)).collect()))
    }

    async fn create_elicitation(
        &self,
        params: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        Ok(match params {
            ElicitRequestParams::FormElicitationParams { message, requested_schema, .. } => {
                let schema = serde_json::to_value(requested_schema).unwrap_or_default();
                self.ask_person(message, Form::Fields(schema)).await
            }
            ElicitRequestParams::UrlElicitationParams { message, url, .. } => {
                self.ask_person(message, Form::Url(plain(&url, LONGEST_WORDS))).await
            }
            _ => ElicitResult::new(ElicitationAction::Decline),
        })
    }

    async fn on_progress(&self, params: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.pulse.beat();
        let message = plain(&params.message.unwrap_or_default(), LONGEST_WORDS);
        self.tell(News::Progress { progress: params.progress, total: params.total, message });
    }

    async fn on_logging_message(
        &self,
        params: LoggingMessageNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        let words = params.data.as_str().map_or_else(|| params.data.to_string(), str::to_owned);
        let level = serde_json::to_value(params.level).unwrap_or_default();
        let level = level.as_str().unwrap_or("info").to_owned();
        self.tell(News::Log { level, message: plain(&words, LONGEST_WORDS) });
    }

    async fn on_resource_updated(
        &self,
        params: ResourceUpdatedNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.tell(News::ResourceUpdated { uri: plain(&params.uri, LONGEST_WORDS) });
    }

    async fn on_resource_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(News::ResourcesChanged);
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(News::ToolsChanged);
    }

    async fn on_prompt_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.tell(News::PromptsChanged);
    }
}

/// A folder as a root; none if it has no absolute path.
fn root(folder: &Path) -> Option<Root> {
    let address = url::Url::from_directory_path(std::path::absolute(folder).ok()?).ok()?;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let root = Root::new(address.as_str().trim_end_matches('/'));
    Some(match name {
        Some(name) => root.with_name(name),
        None => root,
    })
}
