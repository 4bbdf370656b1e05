//! The ways to split text before it becomes tokens, by the names that GGUF files give them.

use tokenizers::{
    pre_tokenizers::{
        PreTokenizerWrapper,
        byte_level::ByteLevel,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};

const CONTRACTIONS_AND_WORDS: &str =
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const WORDS_AND_SHORT_NUMBERS: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const WORDS_AND_DIGITS: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const PUNCTUATION: &str = r"[\p{P}\$\+<=>\^~\|]+";
/// Words end where a small letter is followed by a capital.
const CASED_WORDS_AND_DIGITS: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const CASED_WORDS_WITH_CONTRACTIONS: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// How one `tokenizer.ggml.pre` splits text: each pattern splits the pieces of the one before.
pub(super) struct Splitting {
    patterns: &'static [&'static str],
    /// A piece that is a token as a whole is taken as it is.
    pub(super) whole_pieces: bool,
    /// Accents are joined with their letters first.
    pub(super) composed: bool,
    /// A conversation begins with the begin token unless the file says otherwise.
    pub(super) begins: bool,
}

const PLAIN: Splitting = Splitting { patterns: &[], whole_pieces: false, composed: false, begins: false };

/// All known names.
const KNOWN: &[(&[&str], Splitting)] = &[
    // SmolLM, SmolLM2; Granite.
    (&["smollm", "refact"], Splitting { patterns: &[r"\p{N}", CONTRACTIONS_AND_WORDS], ..PLAIN }),
    (&["gpt-2"], Splitting { patterns: &[CONTRACTIONS_AND_WORDS], ..PLAIN }),
    (
        &["default"],
        Splitting { patterns: &[PUNCTUATION, CONTRACTIONS_AND_WORDS, r"\p{N}+", "[0-9][0-9][0-9]"], ..PLAIN },
    ),
    (&["qwen2", "deepseek-r1-qwen"], Splitting { patterns: &[WORDS_AND_DIGITS], composed: true, ..PLAIN }),
    // Llama 3; LFM2.
    (
        &["llama-bpe", "llama3", "llama-v3", "lfm2"],
        Splitting { patterns: &[WORDS_AND_SHORT_NUMBERS], whole_pieces: true, begins: true, ..PLAIN },
    ),
    // SmolLM3; Phi-4; GLM-4.
    (
        &["smaug-bpe", "dbrx", "chatglm-bpe", "glm4"],
        Splitting { patterns: &[WORDS_AND_SHORT_NUMBERS], ..PLAIN },
    ),
    // Mistral Nemo and Small.
    (
        &["tekken"],
        Splitting { patterns: &[CASED_WORDS_AND_DIGITS], whole_pieces: true, begins: true, ..PLAIN },
    ),
    // Phi-4-mini.
    (&["gpt-4o"], Splitting { patterns: &[CASED_WORDS_WITH_CONTRACTIONS], ..PLAIN }),
];

impl Splitting {
    /// What `name` means, if it is known.
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|(names, _)| names.contains(&name)).map(|(_, splitting)| splitting)
    }

    /// All names, for people.
    pub(super) fn names() -> String {
        KNOWN.iter().flat_map(|(names, _)| *names).copied().collect::<Vec<_>>().join(", ")
    }

    /// The same for the `tokenizers` library: splits, then bytes as letters.
    pub(super) fn pre_tokenizer(&self) -> tokenizers::Result<PreTokenizerWrapper> {
        let split = |pattern: &&str| {
            let pattern = SplitPattern::Regex((*pattern).to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map(PreTokenizerWrapper::from)
        };
        let mut steps = self.patterns.iter().map(split).collect::<tokenizers::Result<Vec<_>>>()?;
        steps.push(ByteLevel::new(false, false, false).into());
        Ok(Sequence::new(steps).into())
    }
}
