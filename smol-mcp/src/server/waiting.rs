//! Runs that wait for an answer which the client brings with its next request. From its version of 2026-07-28 on the
//! protocol has no questions in the middle of a call: the call ends with the question, and is made again with the
//! answer. What the client carries between the two is only a name of the run; the run stays here.

use rmcp::model::{InputRequests, InputRequiredResult};
use smol_core::{Live, run::Run};
use std::sync::{Mutex, PoisonError};

/// So many wait at most: the oldest has the best chance of having been forgotten.
const MOST: usize = 64;

#[derive(Default)]
pub(super) struct Waiting(Mutex<Vec<(String, Run, Live)>>);

impl Waiting {
    /// Keeps a run, and asks these questions.
    pub(super) fn keep(&self, run: Run, live: Live, questions: InputRequests) -> InputRequiredResult {
        let name = uuid::Uuid::new_v4().to_string();
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() == MOST {
            runs.remove(0);
        }
        runs.push((name.clone(), run, live));
        InputRequiredResult::new(Some(questions), Some(name))
    }

    /// The run of this name, once.
    pub(super) fn take(&self, name: &str) -> Option<(Run, Live)> {
        let mut runs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = runs.iter().position(|(known, ..)| known == name)?;
        let (_, run, live) = runs.remove(place);
        Some((run, live))
    }
}
