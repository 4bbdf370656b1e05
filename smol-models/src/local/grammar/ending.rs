//! The way out of a reply: few tokens that bring it to a legal end from wherever it stands.
//!
//! A parser for grammars says what may come next, not what is needed to be done. So pieces that close something are tried
//! in an order in which each brings the end nearer, and the first that fits is taken, until the reply may end.

use super::code::{INDENT, LEVELS};
use llguidance::{
    Matcher,
    toktrie::{TokEnv, TokTrie, TokenId},
};

/// Fits only where any text does: in a string, a comment, a thought.
const ANY_TEXT: &str = "$$";
/// Leave text, the first that does.
const LEAVE_TEXT: [&str; 9] =
    ["\"", "\"\"", "\"\"\"", "'", "''", "'''", "\n</code>", "<code>\n", "{\"name\": "];
/// Close what is open, without beginning anything that must be closed again.
const CLOSE_OPEN: [&str; 11] =
    ["\n</code>", "pass\n</code>", ")", "]", "}", ":", " else 0", " import x", " in x", "():", ","];
/// Put something where something must be.
const FILL: [&str; 7] = ["=0", "0", "x", "\"", " 0", " x", ".x"];

/// At most `limit` tokens that end what `matcher` has read, fewest first by rule of thumb; none if there is no such way.
pub(super) fn ending(matcher: &Matcher, environment: &TokEnv, limit: usize) -> Option<Vec<TokenId>> {
    let mut way = Way { matcher: matcher.clone(), trie: environment.tok_trie() };
    let mut tokens = Vec::new();
    while !way.matcher.is_stopped() && !way.matcher.is_accepting().ok()? {
        let piece = way.piece()?;
        way.matcher.consume_tokens(&piece).ok()?;
        tokens.extend(piece);
        if tokens.len() > limit {
            return None;
        }
    }
    Some(tokens)
}

struct Way<'a> {
    matcher: Matcher,
    trie: &'a TokTrie,
}

impl Way<'_> {
    /// The next tokens on the way.
    fn piece(&mut self) -> Option<Vec<TokenId>> {
        let forced = self.matcher.compute_ff_bytes();
        if !forced.is_empty() {
            return Some(self.trie.greedy_tokenize(&forced));
        }
        let found = match self.fits(ANY_TEXT) {
            Some(_) => self.out_of_text(),
            None => self.towards_the_end(),
        };
        found.or_else(|| self.byte())
    }

    fn out_of_text(&mut self) -> Option<Vec<TokenId>> {
        let mut ways =
            LEAVE_TEXT.into_iter().map(str::to_owned).chain(indented("pass")).chain(["\n".to_owned()]);
        let out = ways.find_map(|text| self.fits(&text).filter(|piece| self.leaves(piece)));
        // The form in which a field of a formatted string is written leads back into that string.
        out.or_else(|| self.fits("}"))
    }

    fn towards_the_end(&mut self) -> Option<Vec<TokenId>> {
        let lines = ["finally:pass", "def x():pass", "pass"].into_iter().flat_map(indented);
        let rest_of_indent = (1..INDENT).map(|spaces| " ".repeat(spaces) + "pass\n");
        let closing = CLOSE_OPEN.into_iter().map(str::to_owned).chain(lines).chain(rest_of_indent);
        let mut ways = closing.chain(FILL.into_iter().map(str::to_owned));
        ways.find_map(|text| self.fits(&text))
    }

    /// The tokens of `text`, if it may come next.
    fn fits(&mut self, text: &str) -> Option<Vec<TokenId>> {
        let tokens = self.trie.greedy_tokenize(text.as_bytes());
        let valid = self.matcher.validate_tokens(&tokens).is_ok_and(|valid| valid == tokens.len());
        (valid && !tokens.is_empty()).then_some(tokens)
    }

    /// Whether `piece` leads out of text.
    fn leaves(&self, piece: &[TokenId]) -> bool {
        let mut after = Way { matcher: self.matcher.clone(), trie: self.trie };
        after.matcher.consume_tokens(piece).is_ok()
            && (after.matcher.is_stopped() || after.fits(ANY_TEXT).is_none())
    }

    /// Any single byte that may come next, a letter or figure if there is one, then a space.
    fn byte(&mut self) -> Option<Vec<TokenId>> {
        let mask = self.matcher.compute_mask().ok()?;
        let single = |token: TokenId| match self.trie.token(token) {
            [byte] => Some((*byte, token)),
            _ => None,
        };
        let order = |byte: u8| (!byte.is_ascii_alphanumeric(), byte != b' ', byte == b'\n');
        let best = mask.iter().filter_map(single).min_by_key(|(byte, _)| order(*byte));
        best.map(|(_, token)| vec![token])
    }
}

/// `what` on a line of its own, at every level.
fn indented(what: &str) -> impl Iterator<Item = String> {
    (0..LEVELS).map(move |level| format!("\n{}{what}", " ".repeat(level * INDENT)))
}
