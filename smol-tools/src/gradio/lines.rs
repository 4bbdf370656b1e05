//! The lines of a stream that comes in pieces.

/// Bytes whose lines are not all whole yet.
#[derive(Default)]
pub(super) struct Lines {
    buffer: Vec<u8>,
    /// So many of them hold no line's end: a long line is not looked through again with each piece.
    searched: usize,
}

impl Lines {
    /// Takes in what came.
    pub(super) fn feed(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole line, with its end.
    pub(super) fn next_line(&mut self) -> Option<Vec<u8>> {
        let rest = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.buffer.drain(..=self.searched + end).collect();
        self.searched = 0;
        Some(line)
    }

    /// How much waits for the end of its line, in bytes.
    pub(super) fn waiting(&self) -> usize {
        self.buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_whatever_the_pieces() {
        arbtest::arbtest(|input| {
            let content: Vec<u8> = input.arbitrary()?;
            let most = input.int_in_range(1..=content.len().max(1))?;
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for piece in content.chunks(most) {
                lines.feed(piece);
                found.extend(std::iter::from_fn(|| lines.next_line()));
            }
            let mut expected: Vec<Vec<u8>> =
                content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let rest = expected.pop_if(|line| line.last() != Some(&b'\n')).unwrap_or_default();
            assert_eq!((found, lines.waiting()), (expected, rest.len()));
            Ok(())
        });
    }
}
