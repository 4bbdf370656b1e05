//! One reply: prompt to tokens, tokens to scores, scores to text, until something ends it.

use super::{
    calls,
    checkpoint::Checkpoint,
    chooser::Chooser,
    conversations::Conversations,
    decoder::Decoder,
    gguf::{computing, setup},
    grammar::{Grammar, Grammars},
    options::Placement,
    reader::Reader,
    reply::ReplyText,
    sampler::Sampler,
    settings::Settings,
    template::ChatTemplate,
    vocabulary::Vocabulary,
};
use futures::channel::mpsc::UnboundedSender;
use smol_core::{
    message::TokenUsage,
    model::{Delta, ModelError, Request, StopReason},
};
use std::{path::Path, sync::Arc};

/// Tokens of a prompt that are read at once: enough to use the processor well, few enough to stop soon when cancelled.
const CHUNK: usize = 96;

/// Where a reply goes. A closed channel means that nobody listens any more.
pub(super) type Deltas = UnboundedSender<Result<Delta, ModelError>>;

/// All that is read from a model file.
pub(super) struct Engine {
    pub(super) decoder: Decoder,
    pub(super) vocabulary: Arc<Vocabulary>,
    template: ChatTemplate,
    grammars: Grammars,
}

impl Engine {
    /// Loads the model at `path`. Returns the number of its parameters, too.
    pub(super) fn load(path: &Path, placement: &Placement) -> Result<(Self, usize), ModelError> {
        let file = Checkpoint::open(path)?;
        let vocabulary = Arc::new(Vocabulary::load(&file.header)?);
        let template = ChatTemplate::load(&file.header, &vocabulary)?;
        file.check_memory(path, placement)?;
        let decoder = Decoder::load(&file, placement)?;
        Ok((Self { decoder, vocabulary, template, grammars: Grammars::default() }, file.parameter_count()))
    }

    /// Replies to `request`, piece by piece.
    pub(super) fn reply(
        &self,
        conversations: &mut Conversations,
        request: Request,
        settings: Settings,
        deltas: &Deltas,
    ) -> Result<(), ModelError> {
        let settings = settings.of(&request)?;
        let grammar = match settings.constrained {
            true => self.grammars.grammar(&self.vocabulary, &request)?,
            false => None,
        };
        let prompt = self.vocabulary.encode(&self.template.render(&request)?)?;
        let room = self.room(prompt.len())?;
        let limit = room.min(settings.max_new_tokens);
        let chooser = self.chooser(grammar, &settings, prompt.len(), limit)?;
        let mut conversation = conversations.take(&self.decoder, &prompt).map_err(computing)?;
        let reader = Reader::new(&self.decoder, &mut conversation, settings.speculative);
        let tools = request.tools.iter().map(|tool| tool.name.as_str()).collect();
        let (said, written) = (String::new(), 0);
        let turn = Turn { vocabulary: &self.vocabulary, reader, chooser, deltas, tools, said, written };
        turn.run(&prompt, limit, ReplyText::new(request.stop.clone()))?;
        conversations.keep(conversation);
        Ok(())
    }

    /// How many tokens the model can hold.
    pub(super) fn context(&self) -> usize {
        self.decoder.config.context
    }

    fn chooser(
        &self,
        grammar: Option<Grammar>,
        settings: &Settings,
        prompt: usize,
        limit: usize,
    ) -> Result<Chooser, ModelError> {
        let sampler = Sampler::new(settings.sampling.clone());
        let chooser = Chooser::new(sampler, grammar, limit);
        chooser.ok_or_else(|| match limit < settings.max_new_tokens {
            true => self.too_long(prompt),
            false => setup(
                format!("a reply of {limit} tokens has no room for the form that was asked for"),
                "raise `max_new_tokens`, or ask for less",
            ),
        })
    }

    /// How many tokens still fit after a prompt of `used`.
    fn room(&self, used: usize) -> Result<usize, ModelError> {
        match self.context().checked_sub(used) {
            Some(room @ 1..) if used > 0 => Ok(room),
            _ => Err(self.too_long(used)),
        }
    }

    fn too_long(&self, used: usize) -> ModelError {
        let hint =
            "shorten the conversation, give the agent fewer steps, or use a model with a longer context";
        let context = self.context();
        setup(format!("the prompt has {used} tokens, but the model's context is {context}"), hint)
    }
}

/// One reply in the making.
struct Turn<'a> {
    vocabulary: &'a Vocabulary,
    reader: Reader<'a>,
    chooser: Chooser,
    deltas: &'a Deltas,
    /// Tokens said so far.
    written: usize,
    /// Names of the tools that were offered.
    tools: Vec<&'a str>,
    /// The reply so far.
    said: String,
}

impl Turn<'_> {
    fn run(mut self, prompt: &[u32], limit: usize, mut text: ReplyText) -> Result<(), ModelError> {
        let Some(mut scores) = self.read_prompt(prompt).map_err(computing)? else { return Ok(()) };
        let stop = loop {
            let left = limit - self.written;
            let mut tokens = self.chooser.next(scores, self.reader.tokens(), left, self.vocabulary)?;
            tokens.truncate(left);
            if let Some(stop) = self.say(&tokens, &mut text) {
                break stop;
            }
            if self.written == limit {
                self.send(text.finish());
                break StopReason::Length;
            }
            let chooser = &mut self.chooser;
            let read = self.reader.follow(&tokens, |guess| chooser.allowed(guess));
            scores = read.map_err(computing)?;
        };
        self.reader.forget();
        let usage = TokenUsage::new(prompt.len() as u64, self.written as u64);
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

    /// Says `tokens`, unless something ends the reply before.
    fn say(&mut self, tokens: &[u32], text: &mut ReplyText) -> Option<StopReason> {
        for token in tokens {
            self.written += 1;
            if self.vocabulary.is_end(*token) {
                self.send(text.finish());
                return Some(StopReason::End);
            }
            let (piece, stopped) = text.push(self.vocabulary.text(*token));
            self.send(piece);
            if stopped || self.deltas.is_closed() {
                return Some(StopReason::End);
            }
        }
        self.chooser.is_complete().then(|| {
            self.send(text.finish());
            StopReason::End
        })
    }

    /// Scores after the whole prompt; none if nobody waits for them any more.
    fn read_prompt(&mut self, prompt: &[u32]) -> candle_core::Result<Option<Vec<f32>>> {
        let mut scores = None;
        for chunk in prompt.split_at(self.reader.tokens().len()).1.chunks(CHUNK) {
            if self.deltas.is_closed() {
                return Ok(None);
            }
            scores = Some(self.reader.read(chunk)?);
        }
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
