//! What each kind of span says, by the names of OpenInference, and by those of OpenTelemetry beside them.

use super::{Hidden, messages};
use crate::{
    ActionStep, AgentRunResult, Decision, MemoryStep, Run, ToolSpec,
    memory::{TaskStep, display},
    message::ToolCall,
    model::{Reply, Request, StopReason},
};
use opentelemetry::{Array, KeyValue, StringValue, Value as Attribute};
use serde_json::{Value, json};

/// What stands where something was kept back.
pub(super) const REDACTED: &str = "__REDACTED__";

const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

pub(super) fn agent(hidden: Hidden, run: &Run) -> Vec<KeyValue> {
    let task = run.memory().iter().rev().find_map(|step| match step {
        MemoryStep::Task(task) => Some(task),
        _ => None,
    });
    let tools = run.sandbox().tools.iter().map(|tool| tool.name.clone());
    let mut attributes = vec![
        kind("AGENT"),
        KeyValue::new("smolagents.max_steps", i64::from(run.settings().max_steps)),
        KeyValue::new("smolagents.tools_names", texts(tools)),
        KeyValue::new("gen_ai.operation.name", "invoke_agent"),
    ];
    if !run.agent().is_empty() {
        attributes.push(KeyValue::new("agent.name", run.agent().to_owned()));
        attributes.push(KeyValue::new("gen_ai.agent.name", run.agent().to_owned()));
    }
    let TaskStep { task, variables, .. } = task.cloned().unwrap_or_default();
    if !hidden.inputs {
        attributes.push(KeyValue::new("smolagents.task", task.clone()));
        if !variables.is_empty() {
            attributes
                .push(KeyValue::new("smolagents.additional_args", Value::Object(variables).to_string()));
        }
    }
    attributes.extend(value("input", hidden.inputs, TEXT, task));
    attributes
}

pub(super) fn answered(hidden: Hidden, result: &AgentRunResult) -> Vec<KeyValue> {
    let form = if result.output.is_string() { TEXT } else { JSON };
    value("output", hidden.outputs, form, display(&result.output)).collect()
}

pub(super) fn step() -> Vec<KeyValue> {
    vec![kind("CHAIN")]
}

/// A step goes from what the model wanted to what came of it.
pub(super) fn stepped(hidden: Hidden, step: &ActionStep) -> Vec<KeyValue> {
    let Reply { text, tool_calls, .. } = &step.reply;
    let (form, wanted) = match &step.code_action {
        Some(code) => (TEXT, code.clone()),
        None if tool_calls.is_empty() => (TEXT, text.clone()),
        None => (JSON, json!(tool_calls).to_string()),
    };
    value("input", hidden.inputs, form, wanted)
        .chain(value("output", hidden.outputs, TEXT, step.observations.clone()))
        .collect()
}

pub(super) fn asked(hidden: Hidden, model: &str, request: Request) -> Vec<KeyValue> {
    let request = messages::without_large_media(request);
    let mut attributes = vec![kind("LLM"), KeyValue::new("gen_ai.operation.name", "chat")];
    let (provider, name) = model.split_once('/').unwrap_or(("", model));
    attributes.push(KeyValue::new("llm.model_name", name.to_owned()));
    attributes.push(KeyValue::new("gen_ai.request.model", name.to_owned()));
    if !provider.is_empty() {
        attributes.push(KeyValue::new("llm.provider", provider.to_owned()));
        attributes.push(KeyValue::new("gen_ai.provider.name", provider.to_owned()));
    }
    let parameters = match &request.schema {
        Some(schema) => json!({"stop": request.stop, "response_format": schema}),
        None => json!({"stop": request.stop}),
    };
    attributes.extend(request.schema.is_some().then(|| KeyValue::new("gen_ai.output.type", "json")));
    attributes.push(KeyValue::new("llm.invocation_parameters", parameters.to_string()));
    attributes.push(KeyValue::new("gen_ai.request.stop_sequences", texts(request.stop.iter().cloned())));
    attributes.extend(value("input", hidden.inputs, JSON, json!({"messages": request.messages}).to_string()));
    if !hidden.inputs {
        attributes.extend(messages::inputs(&request.messages));
        attributes.extend(request.tools.iter().enumerate().map(tool));
    }
    attributes
}

fn tool((at, spec): (usize, &ToolSpec)) -> KeyValue {
    let ToolSpec { name, description, input, .. } = spec;
    let function = json!({"name": name, "description": description, "parameters": input});
    let schema = json!({"type": "function", "function": function});
    KeyValue::new(format!("llm.tools.{at}.tool.json_schema"), schema.to_string())
}

pub(super) fn said(hidden: Hidden, reply: &Reply, cost: f64) -> Vec<KeyValue> {
    let stop = match &reply.stop {
        StopReason::End => "stop",
        StopReason::Length => "length",
        StopReason::ToolCalls => "tool_calls",
        StopReason::Other(word) => word,
        _ => "unknown",
    };
    let mut attributes = vec![
        KeyValue::new("llm.finish_reason", stop.to_owned()),
        KeyValue::new("gen_ai.response.finish_reasons", texts([stop.to_owned()])),
    ];
    if let Some(usage) = reply.usage {
        let count = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
        let (input, output) = (count(usage.input_tokens), count(usage.output_tokens));
        attributes.extend([
            KeyValue::new("llm.token_count.prompt", input),
            KeyValue::new("llm.token_count.completion", output),
            KeyValue::new("llm.token_count.total", input.saturating_add(output)),
            KeyValue::new("gen_ai.usage.input_tokens", input),
            KeyValue::new("gen_ai.usage.output_tokens", output),
        ]);
    }
    if cost > 0.0 {
        attributes.push(KeyValue::new("llm.cost.total", cost));
    }
    attributes.extend(value("output", hidden.outputs, JSON, json!(reply).to_string()));
    if !hidden.outputs {
        attributes.extend(messages::output(reply));
    }
    attributes
}

pub(super) fn called(hidden: Hidden, call: &ToolCall, spec: Option<&ToolSpec>) -> Vec<KeyValue> {
    let mut attributes = vec![
        kind("TOOL"),
        KeyValue::new("tool.name", call.name.clone()),
        KeyValue::new("tool.id", call.id.clone()),
        KeyValue::new("gen_ai.operation.name", "execute_tool"),
        KeyValue::new("gen_ai.tool.name", call.name.clone()),
        KeyValue::new("gen_ai.tool.call.id", call.id.clone()),
        KeyValue::new("gen_ai.tool.type", "function"),
    ];
    if let Some(spec) = spec {
        attributes.push(KeyValue::new("tool.description", spec.description.clone()));
        attributes.push(KeyValue::new("tool.parameters", spec.input.to_string()));
        attributes.push(KeyValue::new("gen_ai.tool.description", spec.description.clone()));
    }
    attributes.extend(value("input", hidden.inputs, JSON, call.arguments.to_string()));
    attributes
}

pub(super) fn replied(hidden: Hidden, reply: &Result<Value, String>) -> Vec<KeyValue> {
    let (form, text) = match reply {
        Ok(Value::String(text)) | Err(text) => (TEXT, text.clone()),
        Ok(other) => (JSON, other.to_string()),
    };
    value("output", hidden.outputs, form, text).collect()
}

pub(super) fn decided(id: &str, decision: &Decision) -> Vec<KeyValue> {
    let decision = match decision {
        Decision::Approve => "approve",
        Decision::Edit(_) => "edit",
        Decision::Refuse(_) => "refuse",
        Decision::Answer(_) => "answer",
        Decision::Wait => "wait",
    };
    vec![KeyValue::new("tool_call.id", id.to_owned()), KeyValue::new("decision", decision)]
}

fn kind(kind: &'static str) -> KeyValue {
    KeyValue::new("openinference.span.kind", kind)
}

/// What went `input` or came `output`, and its form.
fn value(
    side: &'static str,
    hidden: bool,
    form: &'static str,
    value: String,
) -> impl Iterator<Item = KeyValue> {
    let value = if hidden { REDACTED.to_owned() } else { value };
    let form = (!hidden).then(|| KeyValue::new(format!("{side}.mime_type"), form));
    [KeyValue::new(format!("{side}.value"), value)].into_iter().chain(form)
}

fn texts(texts: impl IntoIterator<Item = String>) -> Attribute {
    Attribute::Array(Array::String(texts.into_iter().map(StringValue::from).collect()))
}
