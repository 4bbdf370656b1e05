//! SentencePiece's BPE from a GGUF file, as Llama 2, Mistral and Gemma use it.
//!
//! Such a file has a score for each token and no list of merges. Two neighbours may be merged where their union is a
//! token, best score first; so the list follows from the scores. Spaces are written as `▁`, and a character without a
//! token of its own becomes its bytes.

use super::{TYPE_CONTROL, byte_level::Parts};
use crate::local::gguf::{Gguf, computing};
use candle_core::quantized::gguf_file::Value;
use smol_core::model::ModelError;
use std::collections::HashMap;
use tokenizers::{
    NormalizerWrapper, Tokenizer,
    models::bpe::{BPE, Merges, Vocab},
    normalizers::{prepend::Prepend, replace::Replace, utils::Sequence},
};

const SPACE: char = '▁';
const TYPE_UNKNOWN: i32 = 2;
const TYPE_BYTE: i32 = 6;

pub(super) fn load(file: &Gguf, tokens: &[&str], types: &[i32]) -> Result<Parts, ModelError> {
    let scores = scores(file, tokens.len())?;
    let ids = tokens.iter().zip(0u32..).map(|(token, id)| ((*token).to_owned(), id)).collect::<Vocab>();
    let unknown = tokens.iter().zip(types).find(|(_, kind)| **kind == TYPE_UNKNOWN);
    let mut builder =
        BPE::builder().vocab_and_merges(ids, merges(tokens, &scores)).byte_fallback(true).fuse_unk(true);
    if let Some((token, _)) = unknown {
        builder = builder.unk_token((*token).to_owned());
    }
    let mut tokenizer = Tokenizer::new(builder.build().map_err(|cause| file.error(cause))?);
    let mut steps = Vec::<NormalizerWrapper>::new();
    // Text begins like a word within it, unless the file says otherwise.
    if !matches!(file.value("tokenizer.ggml.add_space_prefix"), Some(Value::Bool(false))) {
        steps.push(Prepend::new(SPACE.to_string()).into());
    }
    steps.push(Replace::new(" ", SPACE.to_string()).map_err(computing)?.into());
    tokenizer.with_normalizer(Some(Sequence::new(steps))).map_err(computing)?;
    let texts = tokens.iter().zip(types).map(|(token, kind)| match *kind {
        TYPE_CONTROL | TYPE_UNKNOWN => Box::default(),
        TYPE_BYTE => byte(token).map_or_else(Box::default, |byte| [byte].into()),
        _ => text(token),
    });
    Ok((tokenizer, texts.collect(), true))
}

/// The bytes that a token which is no control token stands for.
pub(super) fn text(token: &str) -> Box<[u8]> {
    byte(token).map_or_else(|| token.replace(SPACE, " ").into_bytes().into(), |byte| [byte].into())
}

/// The byte that a token like `<0x0A>` stands for.
fn byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok())?
}

fn scores(file: &Gguf, count: usize) -> Result<Vec<f32>, ModelError> {
    let key = "tokenizer.ggml.scores";
    let scores = match file.value(key) {
        Some(Value::Array(values)) => {
            values.iter().map(|value| value.to_f32().ok()).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let fitting = scores.filter(|scores| scores.len() == count);
    fitting.ok_or_else(|| {
        file.error(format_args!("`{key}` should hold a number for each of the {count} tokens"))
    })
}

/// All pairs of tokens whose union is one, the best union first.
fn merges(tokens: &[&str], scores: &[f32]) -> Merges {
    let ids = tokens.iter().zip(0usize..).map(|(token, id)| (*token, id)).collect::<HashMap<_, _>>();
    let mut merges = Vec::new();
    for (token, score) in tokens.iter().zip(scores) {
        for (middle, _) in token.char_indices().skip(1) {
            let (left, right) = token.split_at(middle);
            if let (Some(left_id), Some(right_id)) = (ids.get(left), ids.get(right)) {
                merges.push((*score, *left_id, *right_id, left, right));
            }
        }
    }
    merges.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2))));
    merges.into_iter().map(|(.., left, right)| (left.to_owned(), right.to_owned())).collect()
}
