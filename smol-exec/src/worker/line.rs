//! Lines out of bytes that come in pieces, none longer than a frame may be.

use super::frames::{Piece, fits};
use std::collections::VecDeque;

/// Gathers a worker's output.
#[derive(Default)]
pub(crate) struct Lines {
    partial: Vec<u8>,
    ready: VecDeque<Piece>,
}

impl Lines {
    /// Takes what came.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.partial.extend_from_slice(part);
            if !fits(self.partial.len()) {
                self.partial.clear();
                self.ready.push_back(Piece::Ended("it sent a frame that is too long".to_owned()));
            } else if self.partial.last() == Some(&b'\n') {
                self.partial.pop();
                let line = std::mem::take(&mut self.partial);
                self.ready.push_back(Piece::Line(String::from_utf8_lossy(&line).into_owned()));
            }
        }
    }

    /// The next line that has come whole.
    pub(crate) fn next(&mut self) -> Option<Piece> {
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_however_they_were_cut() {
        fn check(pieces: &[&str], expect: &[&str]) {
            let mut lines = Lines::default();
            for piece in pieces {
                lines.push(piece.as_bytes());
            }
            let got: Vec<String> =
                std::iter::from_fn(|| lines.next()).map(|piece| format!("{piece:?}")).collect();
            let expect: Vec<String> = expect.iter().map(|line| format!("Line({line:?})")).collect();
            assert_eq!(got, expect, "{pieces:?}");
        }
        check(&[], &[]);
        check(&["a"], &[]);
        check(&["a\n"], &["a"]);
        check(&["a", "b\nc", "d\n", "\ne"], &["ab", "cd", ""]);
    }

    #[test]
    fn a_line_without_end_ends_the_session() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 1 << 20];
        let ended = (0..200).any(|_| {
            lines.push(&piece);
            matches!(lines.next(), Some(Piece::Ended(_)))
        });
        assert!(ended);
    }
}
