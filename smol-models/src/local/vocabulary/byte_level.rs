//! Byte-level BPE from a GGUF file: every byte is written as a letter, and letters are merged by a list.

use super::{TYPE_CONTROL, TYPE_USER_DEFINED, splitting::Splitting};
use crate::local::gguf::{Gguf, computing};
use smol_core::model::ModelError;
use std::collections::HashMap;
use tokenizers::{
    Tokenizer,
    models::bpe::{BPE, Vocab},
    normalizers::unicode::NFC,
};

/// The tokenizer, the text of each token, and whether prompts usually start with a begin token.
pub(super) type Parts = (Tokenizer, Vec<Box<[u8]>>, bool);

pub(super) fn load(file: &Gguf, tokens: &[&str], types: &[i32]) -> Result<Parts, ModelError> {
    let name = file.string("tokenizer.ggml.pre")?;
    let Some(splitting) = Splitting::of(name) else {
        let known = Splitting::names();
        return Err(file.error(format_args!("`tokenizer.ggml.pre` is `{name}`, expected one of {known}")));
    };
    Ok((tokenizer(file, splitting, tokens)?, texts(tokens, types), splitting.begins))
}

fn tokenizer(file: &Gguf, splitting: &Splitting, tokens: &[&str]) -> Result<Tokenizer, ModelError> {
    let merges = file.strings("tokenizer.ggml.merges")?.into_iter().map(|merge| {
        let pair = merge.split_once(' ').map(|(left, right)| (left.to_owned(), right.to_owned()));
        pair.ok_or_else(|| file.error(format_args!("the merge `{merge}` is not two tokens")))
    });
    let ids = tokens.iter().zip(0u32..).map(|(token, id)| ((*token).to_owned(), id));
    let builder = BPE::builder().vocab_and_merges(ids.collect::<Vocab>(), merges.collect::<Result<_, _>>()?);
    let model = builder.ignore_merges(splitting.whole_pieces).build().map_err(|cause| file.error(cause))?;
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_pre_tokenizer(Some(splitting.pre_tokenizer().map_err(computing)?));
    if splitting.composed {
        tokenizer.with_normalizer(Some(NFC)).map_err(computing)?;
    }
    Ok(tokenizer)
}

fn texts(tokens: &[&str], types: &[i32]) -> Vec<Box<[u8]>> {
    let bytes = byte_letters();
    let text = |(token, kind): (&&str, &i32)| match *kind {
        TYPE_CONTROL => Box::default(),
        TYPE_USER_DEFINED => token.as_bytes().into(),
        _ => text(&bytes, token),
    };
    tokens.iter().zip(types).map(text).collect()
}

/// The bytes that the letters of `token` stand for.
pub(super) fn text(bytes: &HashMap<char, u8>, token: &str) -> Box<[u8]> {
    token.chars().flat_map(|letter| letter_bytes(bytes, letter)).collect()
}

fn letter_bytes(bytes: &HashMap<char, u8>, letter: char) -> Vec<u8> {
    bytes.get(&letter).map_or_else(|| letter.to_string().into_bytes(), |byte| vec![*byte])
}

/// Byte-level vocabularies write every byte as one printable letter: itself where it is printable, else one from 256 on.
pub(super) fn byte_letters() -> HashMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let hidden =
        (0..=u8::MAX).filter(|byte| !printable(byte)).zip('\u{100}'..).map(|(byte, letter)| (letter, byte));
    (0..=u8::MAX).filter(printable).map(|byte| (char::from(byte), byte)).chain(hidden).collect()
}
