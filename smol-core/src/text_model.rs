//! Models that take a text and give a text: the least there is to write for a service of your own.

use crate::{
    message::{Message, Role},
    model::{Delta, Model, ModelError, ModelInfo, Request, complete},
};
use async_trait::async_trait;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};

/// What [`generate_text`] uses unless told otherwise, as in the original's guide.
pub const TEMPERATURE: f64 = 0.7;
/// The longest reply, in tokens, unless told otherwise.
pub const MAX_TOKENS: u64 = 4096;

/// A model of one method. It is a [`Model`] at once: conversations reach it as a prompt, in which each turn but a lone
/// question says who speaks.
///
/// ```
/// use smol_core::{model::ModelError, text_model::TextModel};
///
/// struct Shouting;
///
/// #[async_trait::async_trait]
/// impl TextModel for Shouting {
///     async fn generate_text(
///         &self,
///         prompt: &str,
///         _system_prompt: Option<&str>,
///         _temperature: f64,
///         _max_tokens: u64,
///     ) -> Result<String, ModelError> {
///         Ok(prompt.to_uppercase())
///     }
/// }
/// ```
#[async_trait]
pub trait TextModel: Send + Sync {
    /// The text that follows `prompt`. Stop sequences are cut afterwards; errors end the run.
    async fn generate_text(
        &self,
        prompt: &str,
        system_prompt: Option<&str>,
        temperature: f64,
        max_tokens: u64,
    ) -> Result<String, ModelError>;

    /// The name people know the model by.
    fn id(&self) -> &str {
        "custom"
    }

    /// Whether tasks may have pictures. They are not in the prompt: how they get to the model is its own affair.
    fn supports_vision(&self) -> bool {
        false
    }
}

impl<T: TextModel> Model for T {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let reply = async move {
            let (system, prompt) = flattened(&request.messages);
            let (temperature, limit) =
                (request.temperature.unwrap_or(TEMPERATURE), request.max_tokens.unwrap_or(MAX_TOKENS));
            let text = self.generate_text(&prompt, system.as_deref(), temperature, limit).await?;
            Ok(Delta::Text(before_stop(&text, &request.stop).to_owned()))
        };
        stream::once(reply).boxed()
    }

    fn id(&self) -> &str {
        TextModel::id(self)
    }

    fn info(&self) -> ModelInfo {
        ModelInfo { vision: Some(TextModel::supports_vision(self)), ..ModelInfo::default() }
    }
}

/// The text that any model answers to `prompt`, under the rules of `system_prompt`, with at most `max_tokens` tokens.
///
/// # Errors
/// What the model says ([`ModelError`]).
pub async fn generate_text(
    model: &dyn Model,
    prompt: &str,
    system_prompt: Option<&str>,
    temperature: f64,
    max_tokens: u64,
) -> Result<String, ModelError> {
    let system = system_prompt.map(|text| Message::new(Role::System, text));
    let messages = system.into_iter().chain([Message::new(Role::User, prompt)]).collect();
    let limits = (Some(temperature), Some(max_tokens));
    let request = Request { temperature: limits.0, max_tokens: limits.1, ..Request::new(messages) };
    Ok(complete(model, request).await?.text)
}

/// The system messages, and all others as one text.
fn flattened(messages: &[Message]) -> (Option<String>, String) {
    let (system, turns): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message.role == Role::System);
    let join = |texts: Vec<String>| texts.join("\n\n");
    let system = join(system.into_iter().map(Message::text).collect());
    let prompt = match turns.as_slice() {
        [only] => only.text(),
        turns => join(turns.iter().map(|turn| spoken(turn)).chain(["Assistant:".to_owned()]).collect()),
    };
    (Some(system).filter(|text| !text.is_empty()), prompt)
}

fn spoken(turn: &Message) -> String {
    let speaker = match turn.role {
        Role::System => "System",
        Role::User => "User",
        Role::Assistant => "Assistant",
        Role::Tool => "Tool",
    };
    format!("{speaker}: {}", turn.text())
}

/// The text up to the first stop sequence in it.
fn before_stop<'a>(text: &'a str, stops: &[String]) -> &'a str {
    let found =
        stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop.as_str())).min();
    found.and_then(|end| text.get(..end)).unwrap_or(text)
}
