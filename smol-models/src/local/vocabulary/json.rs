//! The tokenizer of a folder from the Hub: `tokenizer.json`, read by the library that wrote it.

use super::{TURN_ENDS, Vocabulary, byte_level, pieces};
use crate::local::{folder::Folder, gguf::setup};
use serde_json::Value;
use smol_core::model::ModelError;
use std::collections::BTreeSet;
use tokenizers::Tokenizer;

const FILE: &str = "tokenizer.json";
/// More tokens than any vocabulary has; a file that says otherwise is damaged or hostile.
const MOST_TOKENS: u32 = 1 << 22;

pub(super) fn load(folder: &Folder) -> Result<Vocabulary, ModelError> {
    let path = folder.file(FILE);
    if !path.is_file() {
        let what = format!("`{}` is missing", path.display());
        let hint = "fetch it with the model; where there is only `tokenizer.model`, let `transformers` write it: \
                    `AutoTokenizer.from_pretrained(folder).save_pretrained(folder)`";
        return Err(setup(what, hint));
    }
    let text = std::fs::read_to_string(&path).map_err(|cause| folder.error(FILE, cause))?;
    let tokenizer: Tokenizer = text.parse().map_err(|cause| folder.error(FILE, cause))?;
    let json: Value = serde_json::from_str(&text).map_err(|cause| folder.error(FILE, cause))?;
    // The decoder tells how tokens are written: bytes as letters, or spaces as marks.
    let by_bytes = json.get("decoder").is_some_and(|decoder| decoder.to_string().contains(r#""ByteLevel""#));
    let mut vocabulary = Vocabulary {
        texts: texts(folder, &tokenizer, by_bytes)?,
        begin: None,
        ends: BTreeSet::new(),
        controls: Vec::new(),
        marks: (mark(folder, "bos_token"), mark(folder, "eos_token")),
        tokenizer,
    };
    vocabulary.controls = special(&vocabulary.tokenizer).collect();
    vocabulary.ends = ends(folder, &vocabulary.tokenizer);
    if vocabulary.ends.is_empty() {
        let what = "neither it nor `generation_config.json` or `config.json` names a token that ends a reply";
        return Err(folder.error(FILE, what));
    }
    Ok(vocabulary)
}

fn texts(folder: &Folder, tokenizer: &Tokenizer, by_bytes: bool) -> Result<Vec<Box<[u8]>>, ModelError> {
    let letters = byte_level::byte_letters();
    let tokens = tokenizer.get_vocab(true);
    let count = tokens.values().max().map_or(0, |largest| largest.saturating_add(1));
    if count > MOST_TOKENS {
        return Err(folder.error(FILE, format_args!("a token has the number {}", count - 1)));
    }
    let added = tokenizer.get_added_tokens_decoder();
    let mut texts = vec![Box::<[u8]>::default(); count as usize];
    for (token, id) in tokens {
        let Some(place) = texts.get_mut(id as usize) else { continue };
        *place = match added.get(&id) {
            Some(added) if added.special => Box::default(),
            Some(added) => added.content.as_bytes().into(),
            None if by_bytes => byte_level::text(&letters, &token),
            None => pieces::text(&token),
        };
    }
    Ok(texts)
}

fn special(tokenizer: &Tokenizer) -> impl Iterator<Item = String> {
    let added = tokenizer.get_added_tokens_decoder();
    let mut special =
        added.into_values().filter(|token| token.special).map(|token| token.content).collect::<Vec<_>>();
    special.sort();
    special.into_iter()
}

/// What ends a reply: by the settings for generation, or the model's own, and whatever ends turns in the vocabulary.
fn ends(folder: &Folder, tokenizer: &Tokenizer) -> BTreeSet<u32> {
    let language = folder.config.get("text_config").unwrap_or(&Value::Null);
    let stated = [&folder.generation, &folder.config, language]
        .into_iter()
        .filter_map(|json| json.get("eos_token_id"));
    let numbers = stated.flat_map(|value| match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    });
    let numbers = numbers.filter_map(|value| value.as_u64().and_then(|number| u32::try_from(number).ok()));
    let special = special(tokenizer).filter(|token| TURN_ENDS.contains(&token.as_str()));
    let by_name =
        special.chain([mark(folder, "eos_token")]).filter_map(|token| tokenizer.token_to_id(&token));
    numbers.chain(by_name).collect()
}

/// The token under `name` in `tokenizer_config.json`: its text, or an object with it.
fn mark(folder: &Folder, name: &str) -> String {
    let value = folder.tokenizer.get(name).unwrap_or(&Value::Null);
    let text = value.as_str().or_else(|| value.get("content")?.as_str());
    text.unwrap_or_default().to_owned()
}
