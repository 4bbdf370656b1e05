//! Acting by tool calls: native ones where the model's wire has them, JSON in the text otherwise.

use crate::{
    agent::AgentBuilder,
    memory::{CallRecord, MemoryStep, observed},
    message::ToolCall,
    model::Model,
    parse::text_tool_calls,
    prompt,
    run::{Phase, Run, Strategy},
    tool::ToolSpec,
};
use serde_json::{Value, json};

/// The tool by which a tool-calling agent answers.
pub(crate) const FINAL_ANSWER: &str = "final_answer";

/// An agent that names tools and arguments, several at a time.
pub struct ToolCallingAgent;

impl ToolCallingAgent {
    /// Starts one.
    pub fn builder(model: impl Model + 'static) -> AgentBuilder {
        AgentBuilder::new(Strategy::ToolCalling, model)
    }
}

/// What the model is told about answering. Every agent has this tool: it ends the run.
pub fn final_answer_spec() -> ToolSpec {
    ToolSpec {
        input: json!({
            "type": "object",
            "properties": {"answer": {"description": "The answer to the task, complete and in its final form."}},
            "required": ["answer"],
        }),
        ..ToolSpec::new(FINAL_ANSWER, "Gives the final answer to the task and ends the work on it.")
    }
}

impl Run {
    pub(crate) fn read_calls(&mut self) {
        let reply = &self.draft.reply;
        let calls =
            if reply.tool_calls.is_empty() { text_tool_calls(&reply.text) } else { reply.tool_calls.clone() };
        match calls.as_slice() {
            [] => self.observe_no_action(prompt::NO_CALL),
            [only] if only.name == FINAL_ANSWER => {
                let output = answer_of(only);
                let record = CallRecord { reply: Some(Ok(Value::Null)), ..CallRecord::new(only.clone()) };
                self.draft.tool_calls = vec![record];
                self.answer(output);
            }
            _ => {
                let refused = |call: &ToolCall| {
                    (call.name == FINAL_ANSWER).then(|| Err(prompt::ANSWER_ALONE.to_owned()))
                };
                let records = calls.into_iter().map(|call| {
                    let edited = self.with_variables(&call.arguments);
                    CallRecord { reply: refused(&call), edited, ..CallRecord::new(call) }
                });
                self.draft.tool_calls = records.collect();
                self.phase = Phase::Call;
                self.settle_calls();
            }
        }
    }

    /// The arguments with values in the place of names: one that is just the name of a variable of the run means it.
    fn with_variables(&self, arguments: &Value) -> Option<Value> {
        let known = |name: &str| {
            self.memory.iter().rev().find_map(|step| match step {
                MemoryStep::Task(task) => task.variables.get(name).cloned(),
                _ => None,
            })
        };
        let mut edited = arguments.clone();
        for value in edited.as_object_mut()?.values_mut() {
            if let Some(meant) = value.as_str().and_then(known) {
                *value = meant;
            }
        }
        (edited != *arguments).then_some(edited)
    }

    /// Ends the step once every call has its reply. Observations keep the order of the calls.
    pub(crate) fn note_replies(&mut self) {
        let records = &self.draft.tool_calls;
        let lines = records.iter().map(|CallRecord { call, reply, .. }| {
            reply.as_ref().map(|reply| format!("`{}` gave:\n{}", call.name, observed(reply)))
        });
        let Some(lines) = lines.collect::<Option<Vec<String>>>() else { return };
        let errors: Vec<String> = records.iter().filter_map(|record| record.reply.clone()?.err()).collect();
        self.observe(lines.join("\n\n"), (!errors.is_empty()).then(|| errors.join("\n")));
    }
}

/// The `answer` argument, or whatever was given in its place.
fn answer_of(call: &ToolCall) -> Value {
    call.arguments.get("answer").unwrap_or(&call.arguments).clone()
}
