//! What tokens mean. Whisper's tokens are only ever read here, never made of text, so a table does.

use serde::Deserialize;
use std::collections::HashMap;

/// The tables of `tokenizer.json` that matter here.
#[derive(Deserialize)]
struct File {
    model: Words,
    #[serde(default)]
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Words {
    vocab: HashMap<String, u32>,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
}

/// Tokens, and those that steer the model.
pub(super) struct Vocabulary {
    /// The bytes that each token stands for.
    bytes: HashMap<u32, Vec<u8>>,
    /// Languages by their codes.
    languages: Vec<(String, u32)>,
    /// What begins a transcript.
    pub(super) start: u32,
    /// What ends it. All tokens from here on steer.
    pub(super) end: u32,
    /// Asks for the words that were said.
    pub(super) transcribe: u32,
    /// What was said before stands after this.
    pub(super) previous: u32,
    /// Nobody speaks.
    pub(super) no_speech: u32,
    /// Asks for no times; from the next token on, each stands for a time, 20 ms after the one before.
    pub(super) no_timestamps: u32,
    /// A space and nothing else.
    pub(super) space: Option<u32>,
}

/// A token of a time stands for this many seconds more than the one before.
pub(super) const SECONDS_PER_TIMESTAMP: f64 = 0.02;

impl Vocabulary {
    /// Reads `tokenizer.json`.
    pub(super) fn read(file: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(file)
            .map_err(|error| format!("`tokenizer.json` is not as expected: {error}"))?;
        let special: HashMap<String, u32> =
            file.added_tokens.into_iter().map(|added| (added.content, added.id)).collect();
        let find = |names: &[&str]| {
            let id = names.iter().find_map(|name| special.get(*name).or_else(|| file.model.vocab.get(*name)));
            id.copied().ok_or_else(|| format!("`tokenizer.json` has no token `{}`", names.join("` or `")))
        };
        let (start, translate) = (find(&["<|startoftranscript|>"])?, find(&["<|translate|>"])?);
        let letters = letters();
        let bytes = |text: &str| text.chars().filter_map(|letter| letters.get(&letter).copied()).collect();
        let mut languages: Vec<(String, u32)> = special
            .iter()
            .filter(|(_, id)| (start + 1..translate).contains(id))
            .map(|(name, id)| (name.trim_matches(['<', '|', '>']).to_owned(), *id))
            .collect();
        languages.sort_by_key(|(_, id)| *id);
        Ok(Self {
            start,
            end: find(&["<|endoftext|>"])?,
            transcribe: find(&["<|transcribe|>"])?,
            previous: find(&["<|startofprev|>"])?,
            no_speech: find(&["<|nospeech|>", "<|nocaptions|>"])?,
            no_timestamps: find(&["<|notimestamps|>"])?,
            space: file.model.vocab.get("Ġ").copied(),
            languages,
            bytes: file.model.vocab.iter().map(|(text, id)| (*id, bytes(text))).collect(),
        })
    }

    /// The text of `tokens`. Tokens that steer have none.
    pub(super) fn text(&self, tokens: &[u32]) -> String {
        let bytes =
            tokens.iter().filter(|token| **token < self.end).filter_map(|token| self.bytes.get(token));
        String::from_utf8_lossy(&bytes.flatten().copied().collect::<Vec<_>>()).into_owned()
    }

    /// Languages with their tokens, in the order of these.
    pub(super) fn languages(&self) -> &[(String, u32)] {
        &self.languages
    }

    /// The token for 0 s.
    pub(super) fn first_timestamp(&self) -> u32 {
        self.no_timestamps + 1
    }

    /// The time that `token` stands for, in seconds, if it stands for one.
    pub(super) fn time(&self, token: u32) -> Option<f64> {
        Some(f64::from(token.checked_sub(self.first_timestamp())?) * SECONDS_PER_TIMESTAMP)
    }
}

/// The letters that stand for bytes in the tables of such tokenizers: printable ones for themselves, the others for what
/// comes after the first 256, in order.
fn letters() -> HashMap<char, u8> {
    let is_printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let others = (0..=u8::MAX).filter(|byte| !is_printable(byte)).zip('\u{100}'..);
    let printable = (0..=u8::MAX).filter(is_printable).map(|byte| (char::from(byte), byte));
    printable.chain(others.map(|(byte, letter)| (letter, byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn vocabulary() -> Vocabulary {
        let specials = [
            "<|endoftext|>",
            "<|startoftranscript|>",
            "<|en|>",
            "<|de|>",
            "<|translate|>",
            "<|transcribe|>",
            "<|startofprev|>",
            "<|nospeech|>",
            "<|notimestamps|>",
        ];
        let added: Vec<_> =
            specials.iter().zip(10..).map(|(content, id)| json!({"id": id, "content": content})).collect();
        let file =
            json!({"model": {"vocab": {"Ġcrab": 0, "s": 1, "Ã": 2, "¼": 3, "Ġ": 4}}, "added_tokens": added});
        Vocabulary::read(file.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn tokens_are_bytes_and_letters_may_be_split_between_them() {
        assert_eq!(vocabulary().text(&[0, 1, 4, 2, 3, 11, 18, 99]), " crabs ü");
        assert_eq!(vocabulary().text(&[2]), "\u{FFFD}");
    }

    #[test]
    fn languages_and_times_have_tokens() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.languages(), [("en".to_owned(), 12), ("de".to_owned(), 13)]);
        assert_eq!(vocabulary.time(19), Some(0.0));
        assert_eq!(vocabulary.time(69), Some(1.0));
        assert_eq!(vocabulary.time(18), None);
    }

    #[test]
    fn what_is_no_tokenizer_of_whisper_says_what_it_lacks() {
        let check = |file: &str, expect: &str| {
            let error = Vocabulary::read(file.as_bytes()).err().unwrap();
            assert!(error.contains(expect), "{error}");
        };
        check("{", "not as expected");
        check(r#"{"model": {"vocab": {"a": 0}}}"#, "no token `<|startoftranscript|>`");
    }
}
