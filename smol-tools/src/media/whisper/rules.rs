//! What may come next in a transcript. Whisper was trained to write `time words time time words time`; held to that form
//! it loses track far less often.

use super::vocabulary::Vocabulary;

/// Words begin within the first second of a window, or it is taken to be misread. In tokens of 20 ms.
const LATEST_BEGINNING: u32 = 50;

/// The rules for one model.
pub(super) struct Rules {
    /// Tokens that never come.
    never: Vec<u32>,
    /// Tokens that nothing begins with.
    not_first: Vec<u32>,
    end: u32,
    no_timestamps: u32,
    first_timestamp: u32,
}

impl Rules {
    /// Those of `vocabulary`, with what the model's files forbid besides.
    pub(super) fn new(vocabulary: &Vocabulary, suppressed: &[u32], not_first: Option<&[u32]>) -> Self {
        // All that steers but times and the end: a transcript holds none of it.
        let steering = vocabulary.start..vocabulary.no_timestamps;
        let blank = || vocabulary.space.into_iter().chain([vocabulary.end]).collect();
        Self {
            never: suppressed
                .iter()
                .copied()
                .filter(|token| *token != vocabulary.end)
                .chain(steering)
                .collect(),
            not_first: not_first.map_or_else(blank, <[u32]>::to_vec),
            end: vocabulary.end,
            no_timestamps: vocabulary.no_timestamps,
            first_timestamp: vocabulary.first_timestamp(),
        }
    }

    /// Takes what may not come after `tokens`, of this transcript alone, out of `logits`.
    pub(super) fn apply(&self, tokens: &[u32], logits: &mut [f32]) {
        let mut forbid = |tokens: std::ops::Range<u32>| {
            let range = tokens.start as usize..(tokens.end as usize).min(logits.len());
            logits.get_mut(range).into_iter().flatten().for_each(|logit| *logit = f32::NEG_INFINITY);
        };
        self.never.iter().for_each(|token| forbid(*token..token + 1));
        forbid(self.no_timestamps..self.first_timestamp);
        if tokens.is_empty() {
            self.not_first.iter().for_each(|token| forbid(*token..token + 1));
            // Whatever there is begins with a time.
            forbid(0..self.first_timestamp);
            forbid(self.first_timestamp + LATEST_BEGINNING + 1..u32::MAX);
        }
        let is_time = |token: Option<&u32>| token.is_some_and(|token| *token >= self.first_timestamp);
        let last_is_time = is_time(tokens.last());
        // Times come in pairs, but for the first.
        let before_is_time = tokens.len() < 2 || is_time(tokens.iter().rev().nth(1));
        match (last_is_time, before_is_time) {
            (true, true) => forbid(self.first_timestamp..u32::MAX),
            (true, false) => forbid(0..self.end),
            (false, _) => {}
        }
        if let Some(latest) = tokens.iter().rev().find(|token| is_time(Some(token))) {
            // Time goes on: only the second of a pair may repeat the first.
            let repeats = last_is_time && !before_is_time;
            forbid(self.first_timestamp..if repeats { *latest } else { latest + 1 });
        }
        self.prefer_times(logits);
    }

    /// If a time is likelier, all times together, than any single word, a time it is.
    fn prefer_times(&self, logits: &mut [f32]) {
        let Some((words, times)) = logits.split_at_mut_checked(self.first_timestamp as usize) else { return };
        let best_word = words.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let best_time = times.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if best_time == f32::NEG_INFINITY {
            return;
        }
        let together = times.iter().map(|logit| (logit - best_time).exp()).sum::<f32>().ln() + best_time;
        if together > best_word {
            words.fill(f32::NEG_INFINITY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words are 0 to 9, 10 the end, 11 the start, 12 no times; from 13 on there are times.
    fn allowed(tokens: &[u32], likely: &[u32]) -> Vec<usize> {
        let rules = Rules {
            never: vec![3, 11],
            not_first: vec![4, 10],
            end: 10,
            no_timestamps: 12,
            first_timestamp: 13,
        };
        let mut logits = vec![0.0; 80];
        likely.iter().for_each(|token| logits[*token as usize] = 9.0);
        rules.apply(tokens, &mut logits);
        (0..80).filter(|token| logits[*token].is_finite()).collect()
    }

    #[test]
    fn a_transcript_is_time_words_time() {
        let words = [0, 1, 2, 4, 5, 6, 7, 8, 9];
        // It begins with a time of its first second.
        assert_eq!(allowed(&[], &[]), (13..=63).collect::<Vec<_>>());
        // After the first time come words or the end.
        assert_eq!(allowed(&[15], &[]), [&words[..], &[10]].concat());
        // After words whatever is likelier; a time has to be later.
        assert_eq!(allowed(&[15, 1], &[2]), [&words[..], &[10], &(16..80).collect::<Vec<_>>()[..]].concat());
        assert_eq!(allowed(&[15, 1], &[20]), (16..80).collect::<Vec<_>>());
        // A pair's second time may be the same; no word stands within a pair.
        assert_eq!(allowed(&[15, 1, 20], &[10]), [vec![10], (20..80).collect()].concat());
        // After the pair words go on.
        assert_eq!(allowed(&[15, 1, 20, 20], &[]), [&words[..], &[10]].concat());
    }
}
