//! A model's vocabulary as llguidance wants it: the bytes of every token, and how text becomes tokens.

use crate::local::vocabulary::Vocabulary;
use llguidance::toktrie::{TokEnv, TokRxInfo, TokTrie, TokenId, TokenizerEnv};
use std::sync::Arc;

struct Tokens {
    vocabulary: Arc<Vocabulary>,
    trie: TokTrie,
    is_canonical: bool,
}

/// The tokens of `vocabulary`. `None`: it has no token that ends a reply.
pub(super) fn environment(vocabulary: &Arc<Vocabulary>) -> Option<TokEnv> {
    let count = u32::try_from(vocabulary.count()).ok()?;
    let ends: Vec<TokenId> = (0..count).filter(|token| vocabulary.is_end(*token)).collect();
    let words: Vec<Vec<u8>> = (0..count).map(|token| bytes(vocabulary, token)).collect();
    let trie = TokTrie::from(&TokRxInfo::new(count, *ends.first()?), &words).with_eos_tokens(&ends);
    // Where text is split the same way wherever it stands, forced text can be written without asking the model.
    let sample = " a\n{\"name\": 1}";
    let back: Vec<u8> =
        vocabulary.pieces(sample).iter().flat_map(|token| vocabulary.text(*token).to_vec()).collect();
    let is_canonical = back == sample.as_bytes();
    Some(Arc::new(Tokens { vocabulary: Arc::clone(vocabulary), trie, is_canonical }))
}

/// Control tokens have no text. A name of their own, behind a byte that no text begins with, keeps them out of it.
fn bytes(vocabulary: &Vocabulary, token: TokenId) -> Vec<u8> {
    match vocabulary.text(token) {
        [] => [&[TokTrie::SPECIAL_TOKEN_MARKER], format!("[{token}]").as_bytes()].concat(),
        text => text.to_vec(),
    }
}

impl TokenizerEnv for Tokens {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        self.trie.tokenize_with_greedy_fallback(bytes, |text| self.vocabulary.pieces(text))
    }

    fn tokenize_is_canonical(&self) -> bool {
        self.is_canonical
    }
}
