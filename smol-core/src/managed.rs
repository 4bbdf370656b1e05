//! Agents that work for another agent, which calls them as it calls a tool. Each call is a run of its own, kept in the
//! call's record while it is under way: so the whole tree of runs is one run, saved and resumed as one.

use crate::{
    agent::Agent,
    event::Failure,
    memory::{MemoryStep, display},
    message::ToolCall,
    prompt,
    result::RunState,
    run::Run,
    signature::identifier,
    tool::{Effect, ToolSpec},
};
use serde_json::{Value, json};

impl Agent {
    /// What a manager is told of this agent; none if it has no name.
    pub(crate) fn as_tool(&self) -> Option<ToolSpec> {
        let name = Some(identifier(&self.name)).filter(|_| !self.name.trim().is_empty())?;
        let about = "A team member that works on a task you give it in words, and reports. \
            It knows nothing but what you tell it: say all that it needs.";
        let effects = self.tools.entries().iter().map(|entry| entry.spec.effect);
        Some(ToolSpec {
            input: json!({
                "type": "object",
                "properties": {
                    "task": {"type": "string", "description": "What to do, with everything one must know for it."},
                    "additional_args": {"type": ["object", "null"], "description": "Values it finds as variables, by name."},
                },
                "required": ["task"],
                "additionalProperties": false,
            }),
            effect: effects.max().unwrap_or(Effect::Pure),
            untrusted: self.tools.entries().iter().any(|entry| entry.spec.untrusted),
            ..ToolSpec::new(name, format!("{} {about}", self.description).trim())
        })
    }

    /// The run of one call: a new one, or the one that was under way.
    pub(crate) fn managed_run(&self, call: &ToolCall, begun: Option<Box<Run>>) -> Result<Run, Failure> {
        if let Some(run) = begun.filter(|run| !run.memory.is_empty()) {
            return Ok(*run);
        }
        let task = call.arguments.get("task").map(display).unwrap_or_default();
        let mut task = self.run(prompt::managed_task(&self.name, &task));
        for (name, value) in
            call.arguments.get("additional_args").and_then(Value::as_object).into_iter().flatten()
        {
            task = task.variable(name, value);
        }
        task.start()
    }

    /// What the manager reads of a run that is over.
    pub(crate) fn report(&self, run: &Run) -> Value {
        let result = run.result();
        if result.success && !self.provide_run_summary && !result.output.is_string() {
            return result.output;
        }
        let mut report = result.text.clone();
        if let RunState::MaxSteps | RunState::Budget = result.state {
            report = format!("{}\n{report}", prompt::UNFINISHED);
        }
        if self.provide_run_summary {
            report += &format!("\n\n{}\n{}", prompt::SUMMARY_OF_WORK, summary(run));
        }
        Value::String(report)
    }
}

/// The steps of a run in few words, thoughts cut short.
fn summary(run: &Run) -> String {
    let messages = run.memory().iter().skip(1).filter(|step| !matches!(step, MemoryStep::FinalAnswer(_)));
    let texts =
        messages.flat_map(MemoryStep::to_messages).map(|message| prompt::shortened(&message.text(), 1000));
    texts.collect::<Vec<_>>().join("\n---\n")
}
