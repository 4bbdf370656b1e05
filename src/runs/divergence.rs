//! Where a replay goes another way than its record.

use crate::{Event, exec::ExecError};
use std::fmt;

/// Why a replay did not come to its end.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Something else happened than is on record.
    #[error(transparent)]
    Diverged(Box<Divergence>),
    /// No sandbox could be had.
    #[error(transparent)]
    Exec(#[from] ExecError),
}

/// The first event that is not as it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct Divergence {
    /// The run's id.
    pub id: String,
    /// The place of the event among [`super::RunFile::events`]. All before it are as they were.
    pub index: usize,
    /// The event on record.
    pub recorded: Event,
    /// What happened in its place.
    pub new: Event,
}

/// The letters that are shown of each side, of which so many are before the difference.
const SHOWN: (usize, usize) = (400, 100);

impl fmt::Display for Divergence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (recorded, new) = (json(&self.recorded), json(&self.new));
        let same = recorded.chars().zip(new.chars()).take_while(|(one, other)| one == other).count();
        let excerpt = |text: &str| {
            let from = same.saturating_sub(SHOWN.1);
            let shown: String = text.chars().skip(from).take(SHOWN.0).collect();
            let is_cut = text.chars().count() > from + SHOWN.0;
            format!("{}{shown}{}", if from > 0 { "…" } else { "" }, if is_cut { "…" } else { "" })
        };
        let (id, line) = (&self.id, self.index + 2);
        write!(
            formatter,
            "the run `{id}` goes another way at line {line} of its file\n  recorded: {}\n  now:      {}\n\nhint: if that is \
             as it should be now, record the run anew",
            excerpt(&recorded),
            excerpt(&new)
        )
    }
}

/// An event as a line of a file has it.
pub(super) fn json(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_else(|error| error.to_string())
}
