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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ToolCall;
    use serde_json::{Value, json};

    fn begin(effect: &str) -> Event {
        let tool = |name, effect| json!({"name": name, "description": "", "input": {}, "output": {}, "effect": effect});
        let sandbox = json!({"tools": [tool("put", effect), tool("look", "reads")]});
        Event::Begin(serde_json::from_value(json!({"sandbox": sandbox})).unwrap())
    }

    fn call(id: &str, name: &str) -> Event {
        let call = ToolCall { id: id.to_owned(), name: name.to_owned(), arguments: Value::Null };
        Event::ToolCall { call, time: 0.0 }
    }

    fn reply(id: &str) -> Event {
        Event::ToolReply { id: id.to_owned(), reply: Ok(Value::Null), seconds: 0.0 }
    }

    fn inside(call: &str, event: Event) -> Event {
        Event::Nested { path: "agent/helper".to_owned(), call: call.to_owned(), event: Box::new(event) }
    }

    #[test]
    fn calls_that_write_are_on_the_disk_before_and_after_they_are_made() {
        let done = || Event::Done(Box::default());
        let rows = [
            (begin("writes"), Commit::Beside),
            (call("call_1", "look"), Commit::Sometime),
            (reply("call_1"), Commit::Sometime),
            (call("call_2", "put"), Commit::First),
            // It is made again: it was not known whether it had happened.
            (call("call_2", "put"), Commit::First),
            (reply("call_2"), Commit::First),
            (reply("call_2"), Commit::Sometime),
            // Of two managed agents at work only one has a tool that writes; they name their calls alike.
            (inside("call_3", begin("reads")), Commit::Sometime),
            (inside("call_4", begin("writes")), Commit::Sometime),
            (inside("call_3", call("call_1", "put")), Commit::Sometime),
            (inside("call_4", call("call_1", "put")), Commit::First),
            (inside("call_3", reply("call_1")), Commit::Sometime),
            (inside("call_4", reply("call_1")), Commit::First),
            (inside("call_4", done()), Commit::Sometime),
            (done(), Commit::Beside),
        ];
        let mut commits = Commits::default();
        for (index, (event, expect)) in rows.into_iter().enumerate() {
            assert_eq!(commits.due(&event), expect, "row {index}: {event:?}");
        }
    }
}
