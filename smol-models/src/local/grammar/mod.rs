//! What may come next in a reply whose form the request settles: code in tags, calls of tools, JSON of a schema.
//!
//! A small model that may write anything forgets a tag, leaves a bracket open or makes up a tool. Here what would break the
//! form cannot be picked. llguidance does the work: it walks through a tree of all tokens with a lexer and an Earley
//! parser. Compiled grammars are kept, because every step of a run asks for the same one.

mod calls;
mod code;
mod ending;
mod tokens;

use super::{
    gguf::{computing, setup},
    vocabulary::Vocabulary,
};
use llguidance::{
    Matcher, ParserFactory,
    api::TopLevelGrammar,
    earley::SlicedBiasComputer,
    toktrie::{InferenceCapabilities, TokEnv, TokenId},
};
use smol_core::model::{ModelError, Request, ToolChoice};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many compiled grammars are kept; the one unused for longest goes first.
const KEPT: usize = 4;

/// The grammars of one model.
#[derive(Default)]
pub(super) struct Grammars {
    /// Made when first needed: it takes some tenths of a second for a large vocabulary.
    factory: OnceLock<Option<ParserFactory>>,
    /// By their source, the latest last.
    compiled: Mutex<Vec<(String, Matcher)>>,
}

/// What may come next in one reply.
#[derive(Clone)]
pub(super) struct Grammar {
    matcher: Matcher,
    environment: TokEnv,
    /// Nothing more is to be said, though the form would allow it.
    finished: bool,
}

impl Grammars {
    /// The grammar of replies to `request`; none where any text will do.
    pub(super) fn grammar(
        &self,
        vocabulary: &Arc<Vocabulary>,
        request: &Request,
    ) -> Result<Option<Grammar>, ModelError> {
        let Some(source) = source(request) else { return Ok(None) };
        let factory = self.factory.get_or_init(|| factory(vocabulary));
        let Some(factory) = factory else { return Ok(None) };
        let matcher = self.compile(factory, source)?;
        Ok(Some(Grammar { matcher, environment: factory.tok_env().clone(), finished: false }))
    }

    fn compile(&self, factory: &ParserFactory, source: TopLevelGrammar) -> Result<Matcher, ModelError> {
        let key = serde_json::to_string(&source).map_err(computing)?;
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let found = compiled.iter().position(|(known, _)| *known == key).map(|at| compiled.remove(at));
        let entry = match found {
            Some(entry) => entry,
            None => (key, Matcher::new(Ok(factory.create_parser(source).map_err(refused)?))),
        };
        let matcher = entry.1.clone();
        compiled.push(entry);
        if compiled.len() > KEPT {
            compiled.remove(0);
        }
        Ok(matcher)
    }
}

fn source(request: &Request) -> Option<TopLevelGrammar> {
    if let Some(schema) = &request.schema {
        return Some(TopLevelGrammar::from_json_schema(calls::compact(schema.clone())));
    }
    if !request.tools.is_empty() {
        let calls = request.tool_choice != ToolChoice::None;
        return calls.then(|| TopLevelGrammar::from_lark(calls::lark(request)));
    }
    let is_code = request.stop.iter().any(|stop| stop == code::CLOSE);
    is_code.then(|| TopLevelGrammar::from_lark(code::lark(&request.stop)))
}

fn factory(vocabulary: &Arc<Vocabulary>) -> Option<ParserFactory> {
    let environment = tokens::environment(vocabulary)?;
    let slices = SlicedBiasComputer::general_slices();
    let mut factory = ParserFactory::new(&environment, InferenceCapabilities::default(), &slices).ok()?;
    factory.quiet().limits_mut().verbose_errors = false;
    Some(factory)
}

fn refused(cause: impl std::fmt::Display) -> ModelError {
    let hint = "use a plainer schema, or let the model write what it will with `.constrained(false)`";
    setup(format!("replies cannot be held to the schema that was asked for: {cause}"), hint)
}

impl Grammar {
    /// Whether `token` may come next.
    pub(super) fn allows(&mut self, token: TokenId) -> bool {
        self.matcher.validate_tokens(&[token]).is_ok_and(|valid| valid == 1)
    }

    /// How many of `tokens` may come next, one after the other.
    pub(super) fn allowed(&mut self, tokens: &[TokenId]) -> usize {
        self.matcher.validate_tokens(tokens).unwrap_or(0)
    }

    /// Takes all hope from tokens that may not come next. Returns the only one that may, if it is one.
    pub(super) fn mask(&mut self, scores: &mut [f32]) -> Result<Option<TokenId>, ModelError> {
        let mask = self.matcher.compute_mask().map_err(computing)?;
        for (score, token) in scores.iter_mut().zip(0..) {
            if !mask.is_allowed(token) {
                *score = f32::NEG_INFINITY;
            }
        }
        Ok(mask.first_bit_set().filter(|_| mask.num_set() == 1).and_then(|only| u32::try_from(only).ok()))
    }

    /// Takes note that `token` was picked.
    pub(super) fn accept(&mut self, token: TokenId) -> Result<(), ModelError> {
        self.matcher.consume_token(token).map_err(computing)
    }

    /// Takes the tokens that must come next, whatever the model says.
    pub(super) fn forced(&mut self) -> Vec<TokenId> {
        self.matcher.consume_ff_tokens()
    }

    /// Whether nothing follows.
    pub(super) fn is_complete(&self) -> bool {
        self.finished || self.matcher.is_stopped()
    }

    /// Takes a reply for complete that its form would allow to go on.
    pub(super) fn finish(&mut self) {
        self.finished = true;
    }

    /// At most `limit` tokens that bring the reply to an end; none if so few do not.
    pub(super) fn ending(&self, limit: usize) -> Option<Vec<TokenId>> {
        ending::ending(&self.matcher, &self.environment, limit)
    }
}
