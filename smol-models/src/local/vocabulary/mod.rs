//! Text to tokens and back.
//!
//! A folder from the Hub brings its tokenizer as a file that says all. A GGUF file holds the tokens and names a way of
//! splitting text without saying what it is; a wrong guess changes the tokens a little and the answers a lot, so only
//! names we know are taken. Control tokens, such as the end of a turn, never show in text; tokens defined by users, such
//! as tags, do.

mod byte_level;
mod json;
mod pieces;
mod splitting;

use super::{
    checkpoint::Header,
    gguf::{Gguf, computing},
};
use candle_core::quantized::gguf_file::Value;
use smol_core::model::ModelError;
use std::collections::BTreeSet;
use tokenizers::{AddedToken, Tokenizer};

/// What a token is, in GGUF's numbers.
const TYPE_CONTROL: i32 = 3;
const TYPE_USER_DEFINED: i32 = 4;

/// Tokens that end a turn, whatever a model calls its end.
const TURN_ENDS: [&str; 10] = [
    "<|im_end|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|endoftext|>",
    "<|eom_id|>",
    "</s>",
    "<end_of_turn>",
    "<|end|>",
    "<|observation|>",
    "<｜end▁of▁sentence｜>",
];

/// The tokens of a model.
pub(super) struct Vocabulary {
    tokenizer: Tokenizer,
    /// The text of each token; none for control tokens.
    texts: Vec<Box<[u8]>>,
    /// What every prompt starts with.
    begin: Option<u32>,
    ends: BTreeSet<u32>,
    /// How control tokens are written.
    controls: Vec<String>,
    /// How the tokens are written that templates call begin and end of a text; empty where there is none.
    marks: (String, String),
}

impl Vocabulary {
    /// Reads the vocabulary of the model.
    pub(super) fn load(header: &Header) -> Result<Self, ModelError> {
        match header {
            Header::Gguf(file) => of_gguf(file),
            Header::Hub(folder) => json::load(folder),
        }
    }

    /// The tokens of `text`, in which control tokens may be written out, after the begin token where the model has one.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(computing)?;
        let begin = self.begin.filter(|begin| encoding.get_ids().first() != Some(begin));
        Ok(begin.into_iter().chain(encoding.get_ids().iter().copied()).collect())
    }

    /// The tokens of a piece of text, whatever comes before it.
    pub(super) fn pieces(&self, text: &str) -> Vec<u32> {
        let encoding = self.tokenizer.encode_fast(text, false);
        encoding.map(|encoding| encoding.get_ids().to_vec()).unwrap_or_default()
    }

    /// How many tokens there are.
    pub(super) fn count(&self) -> usize {
        self.texts.len()
    }

    /// The bytes that `token` stands for; they may be part of a character.
    pub(super) fn text(&self, token: u32) -> &[u8] {
        self.texts.get(token as usize).map_or(&[], |text| text)
    }

    /// Whether `token` ends the model's turn.
    pub(super) fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// How the tokens are written that mean something to the template, such as the end of a turn.
    pub(super) fn controls(&self) -> &[String] {
        &self.controls
    }

    /// Whether the vocabulary has a token written like this.
    pub(super) fn has(&self, token: &str) -> bool {
        self.tokenizer.token_to_id(token).is_some()
    }

    /// How the tokens are written that templates call begin and end of a text.
    pub(super) fn marks(&self) -> (&str, &str) {
        (&self.marks.0, &self.marks.1)
    }
}

fn of_gguf(file: &Gguf) -> Result<Vocabulary, ModelError> {
    let tokens = file.strings("tokenizer.ggml.tokens")?;
    let types = types(file, tokens.len())?;
    let kind = file.string("tokenizer.ggml.model")?;
    let (mut tokenizer, texts, begins) = match kind {
        "gpt2" => byte_level::load(file, &tokens, &types)?,
        "llama" => pieces::load(file, &tokens, &types)?,
        _ => {
            let what = "expected `gpt2` (byte-level BPE) or `llama` (SentencePiece)";
            return Err(file.error(format_args!("`tokenizer.ggml.model` is `{kind}`, {what}")));
        }
    };
    let typed = tokens.iter().zip(&types);
    let added = typed.filter(|(_, kind)| matches!(**kind, TYPE_CONTROL | TYPE_USER_DEFINED));
    let added = added.map(|(token, kind)| AddedToken::from(*token, *kind == TYPE_CONTROL).normalized(false));
    tokenizer.add_tokens(added.filter(|token| !token.content.is_empty())).map_err(computing)?;
    Ok(Vocabulary {
        tokenizer,
        texts,
        begin: begin(file, begins, tokens.len())?,
        ends: ends(file, &tokens, &types)?,
        controls: controls(&tokens, &types).map(|(token, _)| token.to_owned()).collect(),
        marks: (mark(file, &tokens, "bos"), mark(file, &tokens, "eos")),
    })
}

fn mark(file: &Gguf, tokens: &[&str], name: &str) -> String {
    let id = file.number(&format!("tokenizer.ggml.{name}_token_id")).ok();
    id.and_then(|id| tokens.get(id).copied()).unwrap_or_default().to_owned()
}

fn types(file: &Gguf, count: usize) -> Result<Vec<i32>, ModelError> {
    let key = "tokenizer.ggml.token_type";
    let types = match file.value(key) {
        Some(Value::Array(values)) => {
            values.iter().map(|value| value.to_i32().ok()).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let fitting = types.filter(|types| types.len() == count);
    fitting.ok_or_else(|| {
        file.error(format_args!("`{key}` should hold a number for each of the {count} tokens"))
    })
}

/// The token before everything, if the file wants one, or says nothing and `usual` ones like it do.
fn begin(file: &Gguf, usual: bool, count: usize) -> Result<Option<u32>, ModelError> {
    let begins = match file.value("tokenizer.ggml.add_bos_token") {
        Some(Value::Bool(begins)) => *begins,
        _ => usual,
    };
    begins.then(|| token_under(file, "tokenizer.ggml.bos_token_id", count)).transpose()
}

fn ends(file: &Gguf, tokens: &[&str], types: &[i32]) -> Result<BTreeSet<u32>, ModelError> {
    let mut ends = BTreeSet::from([token_under(file, "tokenizer.ggml.eos_token_id", tokens.len())?]);
    for key in ["tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"] {
        if file.value(key).is_some() {
            ends.insert(token_under(file, key, tokens.len())?);
        }
    }
    ends.extend(controls(tokens, types).filter(|(token, _)| TURN_ENDS.contains(token)).map(|(_, id)| id));
    Ok(ends)
}

/// The control tokens with their ids.
fn controls<'a>(tokens: &'a [&'a str], types: &'a [i32]) -> impl Iterator<Item = (&'a str, u32)> {
    let typed = tokens.iter().zip(types).zip(0u32..);
    typed.filter(|((_, kind), _)| **kind == TYPE_CONTROL).map(|((token, _), id)| (*token, id))
}

fn token_under(file: &Gguf, key: &str, count: usize) -> Result<u32, ModelError> {
    let id = file.number(key)?;
    let fitting = u32::try_from(id).ok().filter(|_| id < count);
    fitting.ok_or_else(|| file.error(format_args!("`{key}` is {id}, but there are {count} tokens")))
}
