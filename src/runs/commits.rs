//! The moments at which a run is put on the disk. Between them it is the system that writes in its own time: what a crash
//! of the machine takes then can be done again.

use super::within;
use crate::{Effect, Event};
use std::collections::{HashMap, HashSet};

/// Whether an event is to be put on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Commit {
    /// In the system's own time.
    Sometime,
    /// At once, but the run need not wait: a run that is lost can begin or end again.
    Beside,
    /// Before anything else happens: what happens next, or has just happened, cannot be undone.
    First,
}

/// Knows the tools that write, and which of them are at work.
#[derive(Default)]
pub(super) struct Commits {
    /// Names, by the calls whose managed agent has them.
    writing: HashMap<Vec<String>, HashSet<String>>,
    /// Calls under way: those they are made in, then their own ids.
    open: HashSet<Vec<String>>,
}

impl Commits {
    /// Takes note of an event, and says whether it is to be put on the disk.
    pub(super) fn due(&mut self, event: &Event) -> Commit {
        let (calls, leaf) = within(event);
        let calls: Vec<String> = calls.into_iter().map(str::to_owned).collect();
        let beside = if calls.is_empty() { Commit::Beside } else { Commit::Sometime };
        let first = |writes: bool| if writes { Commit::First } else { Commit::Sometime };
        let with = |id: &String| calls.iter().chain([id]).cloned().collect::<Vec<String>>();
        match leaf {
            Event::Begin(run) => {
                let tools = run.sandbox().tools.iter().filter(|tool| tool.effect == Effect::Writes);
                self.writing.insert(calls, tools.map(|tool| tool.name.clone()).collect());
                beside
            }
            Event::ToolCall { call, .. } => {
                let writes = self.writing.get(&calls).is_some_and(|names| names.contains(&call.name));
                if writes {
                    self.open.insert(with(&call.id));
                }
                first(writes)
            }
            Event::ToolReply { id, .. } => first(self.open.remove(&with(id))),
            Event::Done(_) => beside,
            _ => Commit::Sometime,
        }
    }
}
