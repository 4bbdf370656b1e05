//! The moments at which a run must be on the disk before it goes on. Between them it is the system that writes in its
//! own time: what a crash of the machine takes then can be done again.

use super::within;
use crate::{Effect, Event};
use std::collections::{HashMap, HashSet};

/// Knows the tools that write, and which of them are at work.
#[derive(Default)]
pub(super) struct Commits {
    /// Names, by the calls whose managed agent has them.
    writing: HashMap<Vec<String>, HashSet<String>>,
    /// Calls under way: those they are made in, then their own ids.
    open: HashSet<Vec<String>>,
}

impl Commits {
    /// Takes note of an event, and says whether nothing may happen before it is on the disk.
    pub(super) fn are_due(&mut self, event: &Event) -> bool {
        let (calls, leaf) = within(event);
        let calls: Vec<String> = calls.into_iter().map(str::to_owned).collect();
        let is_root = calls.is_empty();
        let with = |id: &String| calls.iter().chain([id]).cloned().collect::<Vec<String>>();
        match leaf {
            Event::Begin(run) => {
                let tools = run.sandbox().tools.iter().filter(|tool| tool.effect == Effect::Writes);
                self.writing.insert(calls, tools.map(|tool| tool.name.clone()).collect());
                is_root
            }
            Event::ToolCall { call, .. } => {
                let writes = self.writing.get(&calls).is_some_and(|names| names.contains(&call.name));
                if writes {
                    self.open.insert(with(&call.id));
                }
                writes
            }
            Event::ToolReply { id, .. } => self.open.remove(&with(id)),
            Event::Done(_) => is_root,
            _ => false,
        }
    }
}
