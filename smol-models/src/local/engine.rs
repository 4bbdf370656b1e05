//! One reply: prompt to tokens, tokens to scores, scores to text, until something ends it.

use super::{
    calls,
    checkpoint::{Checkpoint, Header},
    conversations::{Conversation, Conversations},
    decoder::Decoder,
    gguf::{computing, setup},
    options::Placement,
    reply::ReplyText,
    sampler::Sampler,
    template::ChatTemplate,
    vocabulary::Vocabulary,
};
use futures::channel::mpsc::UnboundedSender;
use smol_core::{
    message::TokenUsage,
    model::{Delta, ModelError, Request, StopReason},
};
use std::path::Path;

/// Tokens of a prompt that are read at once: enough to use the processor well, few enough to stop soon when cancelled.
const CHUNK: usize = 96;

/// Where a reply goes. A closed channel means that nobody listens any more.
pub(super) type Deltas = UnboundedSender<Result<Delta, ModelError>>;

/// How replies are made.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) max_new_tokens: usize,
    pub(super) temperature: f32,
    pub(super) seed: u64,
}

/// All that is read from a model file.
pub(super) struct Engine {
    pub(super) decoder: Decoder,
    pub(super) vocabulary: Vocabulary,
    template: ChatTemplate,
}

impl Engine {
    /// Loads the model at `path`. Returns the number of its parameters, too.
    pub(super) fn load(path: &Path, placement: &Placement) -> Result<(Self, usize), ModelError> {
        let file = Checkpoint::open(path)?;
        let vocabulary = Vocabulary::load(&file.header)?;
        let template = ChatTemplate::load(&file.header, &vocabulary)?;
        let placement = placement.or_usual(matches!(file.header, Header::Hub(_)));
        file.check_memory(path, &placement)?;
        let decoder = Decoder::load(&file, &placement)?;
        Ok((Self { decoder, vocabulary, template }, file.parameter_count()))
    }

    /// Replies to `request`, piece by piece.
    pub(super) fn reply(
        &self,
        conversations: &mut Conversations,
        request: Request,
        settings: &Settings,
        deltas: &Deltas,
    ) -> Result<(), ModelError> {
        let prompt = self.vocabulary.encode(&self.template.render(&request)?)?;
        let limit = self.room(prompt.len())?.min(settings.max_new_tokens);
        let mut conversation = conversations.take(&self.decoder, &prompt).map_err(computing)?;
        let tools = request.tools.iter().map(|tool| tool.name.as_str()).collect();
        let said = String::new();
        let turn = Turn { engine: self, conversation: &mut conversation, deltas, tools, said };
        let outcome = turn.run(
            &prompt,
            limit,
            ReplyText::new(request.stop.clone()),
            Sampler::new(settings.temperature, settings.seed),
        );
        if outcome.is_ok() {
            conversations.keep(conversation);
        }
        outcome.map_err(computing)
    }

    /// How many tokens the model can hold.
    pub(super) fn context(&self) -> usize {
        self.decoder.config.context
    }

    /// How many tokens still fit after a prompt of `used`.
    fn room(&self, used: usize) -> Result<usize, ModelError> {
        let context = self.context();
        if used == 0 || used >= context {
            let hint =
                "shorten the conversation, give the agent fewer steps, or use a model with a longer context";
            return Err(setup(
                format!("the prompt has {used} tokens, but the model's context is {context}"),
                hint,
            ));
        }
        Ok(context - used)
    }
}

/// One reply in the making.
struct Turn<'a> {
    engine: &'a Engine,
    conversation: &'a mut Conversation,
    deltas: &'a Deltas,
    /// Names of the tools that were offered.
    tools: Vec<&'a str>,
    /// The reply so far.
    said: String,
}

impl Turn<'_> {
    fn run(
        mut self,
        prompt: &[u32],
        limit: usize,
        mut text: ReplyText,
        mut sampler: Sampler,
    ) -> candle_core::Result<()> {
        let Some(mut scores) = self.read_prompt(prompt)? else { return Ok(()) };
        let mut written = 0;
        let stop = loop {
            let token = sampler.pick(&scores);
            written += 1;
            if self.engine.vocabulary.is_end(token) {
                self.send(text.finish());
                break StopReason::End;
            }
            let (piece, stopped) = text.push(self.engine.vocabulary.text(token));
            self.send(piece);
            if stopped || self.deltas.is_closed() {
                break StopReason::End;
            }
            if written == limit {
                self.send(text.finish());
                break StopReason::Length;
            }
            scores = self.read(&[token])?;
        };
        let usage = TokenUsage { input_tokens: prompt.len() as u64, output_tokens: written as u64 };
        let calls = calls::missed(&self.said, &self.tools);
        let stop = if calls.is_empty() { stop } else { StopReason::ToolCalls };
        for (index, call) in calls.into_iter().enumerate() {
            let (id, name, arguments) = (Some(call.id), Some(call.name), call.arguments.to_string());
            // Nobody may be listening any more; then the reply is over all the same.
            let _ = self.deltas.unbounded_send(Ok(Delta::ToolCall { index, id, name, arguments }));
        }
        let _ = self.deltas.unbounded_send(Ok(Delta::Usage(usage)));
        let _ = self.deltas.unbounded_send(Ok(Delta::Stop(stop)));
        Ok(())
    }

    /// Scores after the whole prompt; none if nobody waits for them any more.
    fn read_prompt(&mut self, prompt: &[u32]) -> candle_core::Result<Option<Vec<f32>>> {
        let mut scores = None;
        for chunk in prompt.split_at(self.conversation.tokens.len()).1.chunks(CHUNK) {
            if self.deltas.is_closed() {
                return Ok(None);
            }
            scores = Some(self.read(chunk)?);
        }
        Ok(scores)
    }

    fn read(&mut self, tokens: &[u32]) -> candle_core::Result<Vec<f32>> {
        let scores = self.engine.decoder.forward(tokens, &mut self.conversation.cache)?;
        self.conversation.tokens.extend_from_slice(tokens);
        Ok(scores)
    }

    fn send(&mut self, text: String) {
        if !text.is_empty() {
            self.said.push_str(&text);
            // A closed channel is noticed before the next token.
            let _ = self.deltas.unbounded_send(Ok(Delta::Text(text)));
        }
    }
}
