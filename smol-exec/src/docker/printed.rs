//! What was printed past the worker, by another process or a C library. An engine hands it on apart from the worker's
//! lines and in no order with them, so the worker marks there that a block has ended, and its last line waits for the mark.

/// What the worker writes to its error stream when a block ends. Code that writes it too only muddles its own prints.
pub(super) const MARK: &str = "\0the block has ended\0";

/// Gathers text and counts marks.
#[derive(Default)]
pub(super) struct Printed {
    bytes: Vec<u8>,
    /// The marks so far.
    pub(super) marks: u64,
}

impl Printed {
    /// Takes what came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let mark = MARK.as_bytes();
        while let Some(start) = self.bytes.windows(mark.len()).position(|window| window == mark) {
            self.bytes.drain(start..start + mark.len());
            self.marks += 1;
        }
    }

    /// The text so far, but for what may be the beginning of a mark.
    pub(super) fn take(&mut self) -> Option<String> {
        let mark = MARK.as_bytes();
        let begun = (1..mark.len())
            .rev()
            .find(|&length| mark.get(..length).is_some_and(|head| self.bytes.ends_with(head)));
        let rest = self.bytes.split_off(self.bytes.len() - begun.unwrap_or(0));
        let text = std::mem::replace(&mut self.bytes, rest);
        (!text.is_empty()).then(|| String::from_utf8_lossy(&text).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_however_they_were_cut() {
        fn check(pieces: &[&str], expect: &str, marks: u64) {
            let mut printed = Printed::default();
            let mut text = String::new();
            for piece in pieces {
                printed.push(piece.as_bytes());
                text.extend(printed.take());
            }
            assert_eq!((text.as_str(), printed.marks), (expect, marks), "{pieces:?}");
        }
        let (head, tail) = MARK.split_at(5);
        check(&[], "", 0);
        check(&["a", "b"], "ab", 0);
        check(&[MARK], "", 1);
        check(&["a", head, tail, "b"], "ab", 1);
        check(&[&format!("a{MARK}b{MARK}{MARK}c")], "abc", 3);
        check(&["a", head, "x"], &format!("a{head}x"), 0);
    }
}
