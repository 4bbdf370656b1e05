//! Text to tokens and back, built from a GGUF file.
//!
//! A GGUF file names its way of splitting text (`tokenizer.ggml.pre`) without saying what it is. A wrong guess changes
//! the tokens a little and the answers a lot, so only names we know are taken. Control tokens, such as the end of a
//! turn, never show in text; tokens defined by users, such as tags, do.

use super::gguf::{Gguf, computing};
use candle_core::quantized::gguf_file::Value;
use smol_core::model::ModelError;
use std::collections::HashMap;
use tokenizers::{
    AddedToken, Tokenizer,
    models::bpe::BPE,
    normalizers::unicode::NFC,
    pre_tokenizers::{
        PreTokenizerWrapper,
        byte_level::ByteLevel,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};

const TYPE_CONTROL: i32 = 3;
const TYPE_USER_DEFINED: i32 = 4;

/// Tokens that end a turn, whatever the file calls its end.
const TURN_ENDS: [&str; 6] =
    ["<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "<|eom_id|>", "</s>"];

const CONTRACTIONS_AND_WORDS: &str =
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const WORDS_AND_SHORT_NUMBERS: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const WORDS_AND_DIGITS: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const PUNCTUATION: &str = r"[\p{P}\$\+<=>\^~\|]+";

/// How one `tokenizer.ggml.pre` splits text: each pattern splits the pieces of the one before.
struct Splitting {
    patterns: &'static [&'static str],
    /// A piece that is a token as a whole is taken as it is.
    whole_pieces: bool,
    /// Accents are joined with their letters first.
    composed: bool,
    /// A conversation begins with the begin token unless the file says otherwise.
    begins: bool,
}

fn splitting(name: &str) -> Option<Splitting> {
    let plain = |patterns| Splitting { patterns, whole_pieces: false, composed: false, begins: false };
    Some(match name {
        "smollm" => plain(&[r"\p{N}", CONTRACTIONS_AND_WORDS]),
        "gpt-2" => plain(&[CONTRACTIONS_AND_WORDS]),
        "default" => plain(&[PUNCTUATION, CONTRACTIONS_AND_WORDS, r"\p{N}+", "[0-9][0-9][0-9]"]),
        "qwen2" | "deepseek-r1-qwen" => Splitting { composed: true, ..plain(&[WORDS_AND_DIGITS]) },
        "llama-bpe" | "llama3" | "llama-v3" => {
            Splitting { whole_pieces: true, begins: true, ..plain(&[WORDS_AND_SHORT_NUMBERS]) }
        }
        _ => return None,
    })
}

/// The tokens of a model.
pub(super) struct Vocabulary {
    tokenizer: Tokenizer,
    /// The text of each token; none for control tokens.
    texts: Vec<Box<[u8]>>,
    begin: Option<u32>,
    ends: Vec<u32>,
    /// How control tokens are written.
    controls: Vec<String>,
}

impl Vocabulary {
    /// Reads the vocabulary of `file`.
    pub(super) fn load(file: &Gguf) -> Result<Self, ModelError> {
        let kind = file.string("tokenizer.ggml.model")?;
        if kind != "gpt2" {
            return Err(file.error(format_args!(
                "`tokenizer.ggml.model` is `{kind}`, expected `gpt2` (byte-level BPE)"
            )));
        }
        let name = file.string("tokenizer.ggml.pre")?;
        let Some(splitting) = splitting(name) else {
            let what =
                "expected smollm, gpt-2, default, qwen2, deepseek-r1-qwen, llama-bpe, llama3 or llama-v3";
            return Err(file.error(format_args!("`tokenizer.ggml.pre` is `{name}`, {what}")));
        };
        let tokens = file.strings("tokenizer.ggml.tokens")?;
        let types = types(file, tokens.len())?;
        Ok(Self {
            tokenizer: tokenizer(file, &splitting, &tokens, &types)?,
            begin: begin(file, &splitting, tokens.len())?,
            ends: ends(file, &tokens, &types)?,
            texts: texts(&tokens, &types),
            controls: controls(&tokens, &types).map(|(token, _)| token.to_owned()).collect(),
        })
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

fn tokenizer(
    file: &Gguf,
    splitting: &Splitting,
    tokens: &[&str],
    types: &[i32],
) -> Result<Tokenizer, ModelError> {
    let merges = file.strings("tokenizer.ggml.merges")?.into_iter().map(|merge| {
        let pair = merge.split_once(' ').map(|(left, right)| (left.to_owned(), right.to_owned()));
        pair.ok_or_else(|| file.error(format_args!("the merge `{merge}` is not two tokens")))
    });
    let ids = tokens.iter().zip(0u32..).map(|(token, id)| ((*token).to_owned(), id));
    let builder = BPE::builder()
        .vocab_and_merges(ids.collect::<tokenizers::models::bpe::Vocab>(), merges.collect::<Result<_, _>>()?);
    let model = builder.ignore_merges(splitting.whole_pieces).build().map_err(|cause| file.error(cause))?;
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_pre_tokenizer(Some(pre_tokenizer(splitting).map_err(computing)?));
    if splitting.composed {
        tokenizer.with_normalizer(Some(NFC)).map_err(computing)?;
    }
    let typed = tokens.iter().zip(types);
    let added = typed.filter(|(_, kind)| matches!(**kind, TYPE_CONTROL | TYPE_USER_DEFINED));
    let added = added.map(|(token, kind)| AddedToken::from(*token, *kind == TYPE_CONTROL).normalized(false));
    tokenizer.add_tokens(added.filter(|token| !token.content.is_empty())).map_err(computing)?;
    Ok(tokenizer)
}

fn pre_tokenizer(splitting: &Splitting) -> tokenizers::Result<PreTokenizerWrapper> {
    let split = |pattern: &&str| {
        let pattern = SplitPattern::Regex((*pattern).to_owned());
        Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map(PreTokenizerWrapper::from)
    };
    let mut steps = splitting.patterns.iter().map(split).collect::<tokenizers::Result<Vec<_>>>()?;
    steps.push(ByteLevel::new(false, false, false).into());
    Ok(Sequence::new(steps).into())
}

fn begin(file: &Gguf, splitting: &Splitting, count: usize) -> Result<Option<u32>, ModelError> {
    let begins = match file.value("tokenizer.ggml.add_bos_token") {
        Some(Value::Bool(begins)) => *begins,
        _ => splitting.begins,
    };
    begins.then(|| token_under(file, "tokenizer.ggml.bos_token_id", count)).transpose()
}

fn ends(file: &Gguf, tokens: &[&str], types: &[i32]) -> Result<Vec<u32>, ModelError> {
    let mut ends = vec![token_under(file, "tokenizer.ggml.eos_token_id", tokens.len())?];
    if file.value("tokenizer.ggml.eot_token_id").is_some() {
        ends.push(token_under(file, "tokenizer.ggml.eot_token_id", tokens.len())?);
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

fn texts(tokens: &[&str], types: &[i32]) -> Vec<Box<[u8]>> {
    let bytes = byte_letters();
    let text = |(token, kind): (&&str, &i32)| match *kind {
        TYPE_CONTROL => Box::default(),
        TYPE_USER_DEFINED => token.as_bytes().into(),
        _ => token.chars().flat_map(|letter| letter_bytes(&bytes, letter)).collect(),
    };
    tokens.iter().zip(types).map(text).collect()
}

fn letter_bytes(bytes: &HashMap<char, u8>, letter: char) -> Vec<u8> {
    bytes.get(&letter).map_or_else(|| letter.to_string().into_bytes(), |byte| vec![*byte])
}

/// Byte-level vocabularies write every byte as one printable letter: itself where it is printable, else one from 256 on.
fn byte_letters() -> HashMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let hidden =
        (0..=u8::MAX).filter(|byte| !printable(byte)).zip('\u{100}'..).map(|(byte, letter)| (letter, byte));
    (0..=u8::MAX).filter(printable).map(|byte| (char::from(byte), byte)).chain(hidden).collect()
}
