//! What code printed, kept within a limit while it comes: the head tells how it began, the tail how it ended.

/// Gathers printed text of at most `limit` characters, its head and its tail.
pub(crate) struct Logs {
    limit: usize,
    head: String,
    head_room: usize,
    tail: String,
    tail_size: usize,
    left_out: usize,
}

impl Logs {
    /// An empty log that keeps `limit` characters.
    pub(crate) fn new(limit: usize) -> Self {
        let head_room = limit - limit / 2;
        Self { limit, head: String::new(), head_room, tail: String::new(), tail_size: 0, left_out: 0 }
    }

    /// Adds printed text.
    pub(crate) fn push(&mut self, text: &str) {
        let (start, rest) = text.split_at(end_of(text, self.head_room));
        self.head.push_str(start);
        self.head_room -= start.chars().count();
        self.tail.push_str(rest);
        self.tail_size += rest.chars().count();
        // Cutting at twice the size makes each character move at most once more.
        if self.tail_size > self.limit {
            self.cut_tail();
        }
    }

    /// Counts characters that were printed here and never came.
    #[cfg(any(test, feature = "worker"))]
    pub(crate) fn skip(&mut self, count: usize) {
        // The count may be forged.
        self.left_out = self.left_out.saturating_add(count).saturating_add(self.tail_size);
        self.tail.clear();
        self.tail_size = 0;
    }

    /// The text so far, with a notice where some is left out; the log is empty afterwards.
    pub(crate) fn take(&mut self) -> String {
        self.cut_tail();
        let log = std::mem::replace(self, Self::new(self.limit));
        match log.left_out {
            0 => log.head + &log.tail,
            count => format!("{}\n[{count} characters left out]\n{}", log.head, log.tail),
        }
    }

    fn cut_tail(&mut self) {
        let over = self.tail_size.saturating_sub(self.limit / 2);
        self.tail.drain(..end_of(&self.tail, over));
        self.tail_size -= over;
        self.left_out = self.left_out.saturating_add(over);
    }
}

/// The byte at which the first `count` characters end.
fn end_of(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_tail_stay() {
        fn check(limit: usize, pieces: &[&str], expect: &str) {
            let mut logs = Logs::new(limit);
            for piece in pieces {
                logs.push(piece);
            }
            assert_eq!(logs.take(), expect);
            assert_eq!(logs.take(), "", "taking empties it");
        }
        check(10, &[], "");
        check(10, &["0123456789"], "0123456789");
        check(10, &["01234", "56789"], "0123456789");
        check(10, &["0123456789x"], "01234\n[1 characters left out]\n6789x");
        check(5, &["abcdefg"], "abc\n[2 characters left out]\nfg");
        check(4, &["äöüßéèà"], "äö\n[3 characters left out]\nèà");
        check(2, &["a"; 1000], "a\n[998 characters left out]\na");
        check(0, &["abc"], "\n[3 characters left out]\n");
    }

    #[test]
    fn what_never_came_is_counted() {
        let mut logs = Logs::new(4);
        logs.push("abcd");
        logs.skip(10);
        logs.push("efg");
        assert_eq!(logs.take(), "ab\n[13 characters left out]\nfg");
        logs.push("abcdefgh");
        logs.skip(usize::MAX);
        logs.push("ijklmnop");
        assert_eq!(logs.take(), format!("ab\n[{} characters left out]\nop", usize::MAX));
    }
}
