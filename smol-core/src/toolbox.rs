//! An agent's tools and managed agents by name, with everything that is checked before and after a call.

use crate::{
    agent::{Agent, BuildError},
    attempt::{attempt, cut},
    message::ToolCall,
    signature::is_identifier,
    tool::{Effect, Tool, ToolSpec},
    tool_calling_agent::{FINAL_ANSWER, final_answer_spec},
};
use jsonschema::Validator;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

#[derive(Default)]
pub(crate) struct Toolbox(Vec<Entry>);

pub(crate) struct Entry {
    pub(crate) spec: ToolSpec,
    pub(crate) doer: Doer,
    arguments: Validator,
    /// None where the result may be anything.
    output: Option<Validator>,
}

/// Who does what a call asks for.
pub(crate) enum Doer {
    Tool(Arc<dyn Tool>),
    Agent(Arc<Agent>),
}

/// The tools of one run that remember from call to call, each made when it is first called.
#[derive(Default)]
pub(crate) struct RunTools(Mutex<HashMap<String, Arc<dyn Tool>>>);

impl RunTools {
    /// The run's own `tool`, or the one that serves all runs.
    pub(crate) fn of(&self, tool: &Arc<dyn Tool>) -> Arc<dyn Tool> {
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = &tool.spec().name;
        if let Some(tool) = own.get(name) {
            return tool.clone();
        }
        let Some(fresh) = tool.for_run() else { return tool.clone() };
        own.insert(name.clone(), fresh.clone());
        fresh
    }
}

impl Toolbox {
    pub(crate) fn add_tool(&mut self, tool: Arc<dyn Tool>) -> Result<(), BuildError> {
        self.add(tool.spec().clone(), Doer::Tool(tool))
    }

    pub(crate) fn add_agent(&mut self, agent: Arc<Agent>) -> Result<(), BuildError> {
        self.add(agent.as_tool().ok_or(BuildError::Unnamed)?, Doer::Agent(agent))
    }

    fn add(&mut self, spec: ToolSpec, doer: Doer) -> Result<(), BuildError> {
        let name = spec.name.clone();
        // Every agent has this one. Given it once more, as the original's are, it stays as it is.
        if spec == final_answer_spec() {
            return Ok(());
        }
        if !is_identifier(&name) {
            return Err(BuildError::Name { name });
        }
        if name == FINAL_ANSWER || self.entry(&name).is_some() {
            return Err(BuildError::Duplicate { name });
        }
        let validator = |schema: &Value| {
            jsonschema::validator_for(schema)
                .map_err(|error| BuildError::Schema { name: name.clone(), cause: error.to_string() })
        };
        let arguments = validator(&spec.input)?;
        let says_nothing = spec.output.as_object().is_none_or(serde_json::Map::is_empty);
        let output = if says_nothing { None } else { Some(validator(&spec.output)?) };
        self.0.push(Entry { spec, doer, arguments, output });
        Ok(())
    }

    pub(crate) fn specs(&self) -> Vec<ToolSpec> {
        self.0.iter().map(|entry| entry.spec.clone()).collect()
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.0
    }

    pub(crate) fn entry(&self, name: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.spec.name == name)
    }

    /// What a call of this name does to the world.
    pub(crate) fn effect(&self, name: &str) -> Effect {
        self.entry(name).map_or(Effect::Pure, |entry| entry.spec.effect)
    }

    /// Who does it, once the arguments are found to fit.
    pub(crate) fn doer(&self, call: &ToolCall) -> Result<&Doer, String> {
        let ToolCall { name, arguments, .. } = call;
        let entry = self.entry(name).ok_or_else(|| self.unknown(name))?;
        if !arguments.is_object() {
            return Err(format!("the arguments of `{name}` are not a JSON object: {arguments}"));
        }
        let faults = faults(&entry.arguments, arguments);
        if !faults.is_empty() {
            return Err(format!("wrong arguments for `{name}`: {faults}; it takes {}", entry.spec.input));
        }
        Ok(&entry.doer)
    }

    /// Calls a tool. Every failure is advice for the model.
    pub(crate) async fn call(&self, tool: &dyn Tool, call: &ToolCall) -> Result<Value, String> {
        let name = &call.name;
        let reply = attempt(tool, call.arguments.clone()).await.map_err(|error| error.to_string())?;
        let output = self.entry(name).and_then(|entry| entry.output.as_ref());
        match output.map(|output| faults(output, &reply)).filter(|faults| !faults.is_empty()) {
            Some(faults) => Err(format!("`{name}` gave a result that is not of its own schema: {faults}")),
            None => Ok(reply),
        }
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<&str> = self.0.iter().map(|entry| entry.spec.name.as_str()).collect();
        format!("there is no tool `{name}`; the tools are: {}", known.join(", "))
    }
}

/// The most faults of one value that are told, and the most characters of each: a fault quotes what is wrong.
const MAX_FAULTS: usize = 8;
const MAX_FAULT: usize = 400;

/// What about `value` is not as the schema says; empty if nothing is.
pub(crate) fn faults(schema: &Validator, value: &Value) -> String {
    let faults: Vec<String> = schema
        .iter_errors(value)
        .take(MAX_FAULTS)
        .map(|fault| match (cut(fault.to_string(), MAX_FAULT), fault.instance_path().as_str()) {
            (fault, "") => fault,
            (fault, path) => format!("{fault} (at `{path}`)"),
        })
        .collect();
    faults.join("; ")
}
