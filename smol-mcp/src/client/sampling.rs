//! A model that servers may ask. They pay with our tokens, and what they ask is theirs: so there are limits, and whoever
//! lends the model may look at each request.
#![expect(deprecated, reason = "the protocol wants sampling gone one day, and servers of today use it")]

use rmcp::model::{
    CreateMessageRequestParams, CreateMessageResult, ErrorCode, ErrorData, Role as Speaker, SamplingMessage,
    SamplingMessageContentBlock as Block,
};
use smol_core::{
    message::{Media, Message, Part, Role},
    model::{self, Model, Request, StopReason},
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// The protocol's code for a request that a person refused.
const REFUSED: ErrorCode = ErrorCode(-1);

/// Says whether this server may make this request.
type Approve = dyn Fn(&str, &Request) -> bool + Send + Sync;

/// A model for servers, and how much they may ask of it.
pub struct Sampling {
    model: Arc<dyn Model>,
    requests: u32,
    max_tokens: u64,
    approve: Option<Arc<Approve>>,
    asked: AtomicU32,
}

impl Sampling {
    /// So many requests, of all servers together, of at most so many tokens each.
    pub fn new(model: impl Model + 'static, requests: u32, max_tokens: u64) -> Self {
        Self { model: Arc::new(model), requests, max_tokens, approve: None, asked: AtomicU32::new(0) }
    }

    /// Asked before each request, with the server's name: it is made if this says yes.
    #[must_use]
    pub fn approve(mut self, approve: impl Fn(&str, &Request) -> bool + Send + Sync + 'static) -> Self {
        self.approve = Some(Arc::new(approve));
        self
    }

    pub(super) async fn sample(
        &self,
        server: &str,
        params: CreateMessageRequestParams,
    ) -> Result<CreateMessageResult, ErrorData> {
        let request = self.request(params);
        if self.asked.fetch_add(1, Ordering::Relaxed) >= self.requests {
            return Err(refused(format!("all {} requests that servers may make are used up", self.requests)));
        }
        if self.approve.as_ref().is_some_and(|approve| !approve(server, &request)) {
            return Err(refused("the user refused the request".to_owned()));
        }
        let reply = model::complete(&*self.model, request).await;
        let reply = reply.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let message = SamplingMessage::new(Speaker::Assistant, Block::text(reply.text));
        let mut result = CreateMessageResult::new(message, self.model.id().to_owned());
        let reason = if reply.stop == StopReason::Length { "maxTokens" } else { "endTurn" };
        result.stop_reason = Some(reason.to_owned());
        Ok(result)
    }

    fn request(&self, params: CreateMessageRequestParams) -> Request {
        let system = params.system_prompt.map(|prompt| Message::new(Role::System, prompt));
        let messages = system.into_iter().chain(params.messages.into_iter().map(message)).collect();
        let mut request = Request::new(messages);
        request.max_tokens = Some(u64::from(params.max_tokens).min(self.max_tokens));
        request.temperature = params.temperature.map(f64::from);
        request.stop = params.stop_sequences.unwrap_or_default();
        request
    }
}

fn message(message: SamplingMessage) -> Message {
    let role = match message.role {
        Speaker::Assistant => Role::Assistant,
        _ => Role::User,
    };
    let part = |block: Block| match block {
        Block::Text(text) => Some(Part::Text(text.text)),
        Block::Image(image) => Some(Part::Image(Media::Inline { mime: image.mime_type, base64: image.data })),
        Block::Audio(audio) => Some(Part::Audio(Media::Inline { mime: audio.mime_type, base64: audio.data })),
        // Tools were not offered.
        _ => None,
    };
    let content = message.content.into_vec().into_iter().filter_map(part).collect();
    Message { content, ..Message::new(role, "") }
}

fn refused(words: String) -> ErrorData {
    ErrorData::new(REFUSED, words, None)
}
