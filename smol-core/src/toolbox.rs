//! An agent's tools by name, with everything that is checked before one is called.

use crate::{
    agent::BuildError,
    message::ToolCall,
    signature::is_identifier,
    tool::{Effect, Tool, ToolSpec},
    tool_calling_agent::FINAL_ANSWER,
};
use futures::FutureExt;
use jsonschema::Validator;
use serde_json::Value;
use std::{panic::AssertUnwindSafe, sync::Arc};

#[derive(Default)]
pub(crate) struct Toolbox(Vec<Entry>);

struct Entry {
    tool: Arc<dyn Tool>,
    arguments: Validator,
}

impl Toolbox {
    pub(crate) fn new(tools: Vec<Arc<dyn Tool>>) -> Result<Self, BuildError> {
        let mut toolbox = Self::default();
        for tool in tools {
            let name = tool.spec().name.clone();
            if !is_identifier(&name) {
                return Err(BuildError::Name { name });
            }
            if name == FINAL_ANSWER || toolbox.entry(&name).is_some() {
                return Err(BuildError::Duplicate { name });
            }
            let schema = jsonschema::validator_for(&tool.spec().input);
            let arguments = schema.map_err(|error| BuildError::Schema { name, cause: error.to_string() })?;
            toolbox.0.push(Entry { tool, arguments });
        }
        Ok(toolbox)
    }

    pub(crate) fn specs(&self) -> Vec<ToolSpec> {
        self.0.iter().map(|entry| entry.tool.spec().clone()).collect()
    }

    /// Splits calls into groups that run one after another: those of one group may run at once, a call that
    /// writes is a group of its own.
    pub(crate) fn batches(&self, calls: Vec<ToolCall>) -> Vec<Vec<ToolCall>> {
        let writes = |call: &ToolCall| {
            self.entry(&call.name).is_some_and(|entry| entry.tool.spec().effect == Effect::Writes)
        };
        let mut batches: Vec<Vec<ToolCall>> = Vec::new();
        for call in calls {
            match batches.last_mut() {
                Some(batch) if !writes(&call) && !batch.iter().any(writes) => batch.push(call),
                _ => batches.push(vec![call]),
            }
        }
        batches
    }

    /// Checks the call and makes it. Every failure, a panic of the tool included, is advice for the model.
    pub(crate) async fn call(&self, call: &ToolCall) -> Result<Value, String> {
        let entry = self.entry(&call.name).ok_or_else(|| self.unknown(&call.name))?;
        if !call.arguments.is_object() {
            return Err(format!(
                "the arguments of `{}` are not a JSON object: {}",
                call.name, call.arguments
            ));
        }
        let faults: Vec<String> =
            entry.arguments.iter_errors(&call.arguments).map(|fault| fault.to_string()).collect();
        if !faults.is_empty() {
            let (name, input) = (&call.name, &entry.tool.spec().input);
            return Err(format!("wrong arguments for `{name}`: {}; it takes {input}", faults.join("; ")));
        }
        match AssertUnwindSafe(entry.tool.call(call.arguments.clone())).catch_unwind().await {
            Ok(reply) => reply.map_err(|error| format!("`{}` failed: {error}", call.name)),
            Err(_) => Err(format!("`{}` crashed; try other arguments or another way", call.name)),
        }
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.tool.spec().name == name)
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<&str> = self.0.iter().map(|entry| entry.tool.spec().name.as_str()).collect();
        format!("there is no tool `{name}`; the tools are: {}", known.join(", "))
    }
}
