//! Patterns with one sign, `*`: any characters, none included. Names of tools and paths of agents need no more.

use serde::Deserialize;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Glob(String);

impl Glob {
    pub(super) fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((head, rest)) = self.0.split_once('*') else { return self.0 == text };
        let Some(mut left) = text.strip_prefix(head) else { return false };
        let (between, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        // What stands between two stars is taken where it comes first: that leaves the most for what follows.
        for piece in between.split('*') {
            let Some((_, after)) = left.split_once(piece) else { return false };
            left = after;
        }
        left.ends_with(tail)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, fits: &[&str], does_not: &[&str]) {
        for text in fits {
            assert!(Glob::new(pattern).matches(text), "`{pattern}` fits `{text}`");
        }
        for text in does_not {
            assert!(!Glob::new(pattern).matches(text), "`{pattern}` does not fit `{text}`");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        check("send_mail", &["send_mail"], &["send_mails", "Send_mail", ""]);
        check("", &[""], &["a"]);
        check("*", &["", "a", "a/b"], &[]);
        check("send_*", &["send_", "send_mail"], &["resend_mail", "send"]);
        check("*_mail", &["_mail", "send_mail", "_mail_mail"], &["send_mails"]);
        check("a*a", &["aa", "aba"], &["a", "ab"]);
        check("a*b*c", &["abc", "a-b-c", "abbc", "abcbc"], &["ac", "acb", "abcd"]);
        check("**", &["", "é"], &[]);
        check("*é*", &["é", "née"], &["ne"]);
        check("*ab*ab", &["abab", "xabyab"], &["ab", "xab"]);
    }
}
