//! A call as a gate is asked about it, an approver with prepared answers, and a tool that notes its calls.

use futures::FutureExt;
use serde_json::{Value, json};
use smolagents::{
    Decision, Effect, Gate, MemoryStep, ToolSpec,
    gate::Ask,
    guard::Approver,
    memory::{ActionStep, CallRecord},
    message::ToolCall,
    tools::FunctionTool,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

/// A call of `tool`, which is one of `read_page` (untrusted), `look`, `pay` (writes) and the managed agents
/// `researcher` (untrusted) and `clerk` (writes).
pub(crate) struct Case {
    pub(crate) tool: &'static str,
    pub(crate) arguments: Value,
    pub(crate) path: &'static str,
    pub(crate) again: bool,
    /// Earlier calls and what they gave.
    pub(crate) earlier: Vec<(&'static str, Result<Value, String>)>,
}

impl Case {
    pub(crate) fn new(tool: &'static str, arguments: Value) -> Self {
        Self { tool, arguments, path: "agent", again: false, earlier: Vec::new() }
    }

    pub(crate) fn decided(&self, gate: &dyn Gate) -> Option<Decision> {
        let spec = |name: &str, effect, untrusted| ToolSpec { effect, untrusted, ..ToolSpec::new(name, "") };
        let tools = [
            spec("read_page", Effect::Reads, true),
            spec("look", Effect::Reads, false),
            spec("pay", Effect::Writes, false),
            spec("researcher", Effect::Reads, true),
            spec("clerk", Effect::Writes, false),
        ];
        let call = made(self.tool, &self.arguments);
        let earlier: Vec<CallRecord> =
            self.earlier.iter().map(|(tool, reply)| record(made(tool, &json!({})), reply)).collect();
        // The older half is in memory, the rest belongs to the step under way.
        let (finished, calls) = earlier.split_at(earlier.len() / 2);
        let step = ActionStep { tool_calls: finished.to_vec(), ..ActionStep::default() };
        let ask = Ask {
            path: self.path,
            call: &call,
            tool: tools.iter().find(|tool| tool.name == self.tool),
            tools: &tools,
            is_agent: ["researcher", "clerk"].contains(&self.tool),
            may_have_happened: self.again,
            possible: &[],
            memory: &[MemoryStep::Action(step)],
            calls,
        };
        gate.decide(ask).now_or_never().unwrap()
    }
}

fn made(name: &str, arguments: &Value) -> ToolCall {
    ToolCall { id: "call_1".into(), name: name.into(), arguments: arguments.clone() }
}

fn record(call: ToolCall, reply: &Result<Value, String>) -> CallRecord {
    let mut record: CallRecord = serde_json::from_value(json!({
        "id": call.id, "name": call.name, "arguments": call.arguments, "reply": null,
    }))
    .unwrap();
    record.reply = Some(reply.clone());
    record
}

/// Answers in order, and notes who asks for what and why.
#[derive(Default)]
pub(crate) struct Person {
    answers: Mutex<VecDeque<Decision>>,
    asked: Mutex<Vec<String>>,
}

impl Person {
    pub(crate) fn who_says(answers: impl IntoIterator<Item = Decision>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() })
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Approver for Person {
    async fn approve(&self, ask: Ask<'_>, _: &str) -> Decision {
        let again = if ask.may_have_happened { ", again?" } else { "" };
        let line = format!("{} {}{}{again}", ask.path, ask.call.name, ask.call.arguments);
        self.asked.lock().unwrap().push(line);
        self.answers.lock().unwrap().pop_front().unwrap_or(Decision::Wait)
    }
}

/// The tool `pay(to, amount)`, and the list of what it was called with.
pub(crate) fn pay() -> (FunctionTool, Arc<Mutex<Vec<Value>>>) {
    let paid = Arc::new(Mutex::new(Vec::new()));
    let spec = ToolSpec {
        input: json!({
            "type": "object",
            "properties": {"to": {"type": "string"}, "amount": {"type": "number"}},
            "required": ["to", "amount"],
        }),
        effect: Effect::Writes,
        ..ToolSpec::new("pay", "Pays.")
    };
    let list = paid.clone();
    let tool = FunctionTool::new(spec, move |arguments| {
        list.lock().unwrap().push(arguments.clone());
        async move { Ok(json!(format!("paid {} to {}", arguments["amount"], arguments["to"].as_str().unwrap()))) }
    });
    (tool, paid)
}
