//! A run in the names of the original: what its `RunResult.dict()` holds, key by key, for programs that read that. The
//! names are the original's; the texts, the prompts among them, are ours.

use crate::{
    context,
    memory::{ActionStep, MemoryStep, PlanningStep, TaskStep},
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    prompt,
    result::RunState,
    run::{Run, Strategy},
    tool_calling_agent::FINAL_ANSWER,
};
use serde_json::{Value, json};

/// How much of a run is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// All of it, with the messages that the model was shown before each of its replies.
    Full,
    /// All but those messages.
    Succinct,
}

impl Run {
    /// The run as the original's `RunResult.dict()`: `output`, `state` (`success`, or `max_steps_error` where steps or
    /// budget were used up), `steps`, `token_usage` and `timing`, with times in seconds since 1970. All tasks of a
    /// session are in it. A step's `tool_calls` begin with the code, as a call of `python_interpreter`, and go on with
    /// the calls that the code made; bytes are `data:` addresses.
    pub fn to_original(&self, detail: Detail) -> Value {
        let steps = (0..self.memory.len()).filter_map(|at| self.original_step(at, detail));
        let times: Vec<(f64, f64)> = self.memory.iter().filter_map(time).collect();
        let start = times.first().map_or(0.0, |(started, _)| *started);
        let end = times.last().map_or(start, |(started, duration)| started + duration);
        json!({
            "output": self.output,
            "state": state(self.state),
            "steps": steps.collect::<Vec<_>>(),
            "token_usage": usage(self.token_usage()),
            "timing": timing(start, end - start),
        })
    }

    /// The entry at `at`; none where the original has no such entry.
    fn original_step(&self, at: usize, detail: Detail) -> Option<Value> {
        let mut step = match self.memory.get(at)? {
            MemoryStep::Task(step) => original_task(step),
            MemoryStep::Planning(step) => original_plan(step),
            MemoryStep::Action(step) => self.original_action(at, step),
            _ => return None,
        };
        if let (Detail::Full, Some(shown)) = (detail, context::shown_before(self, at)) {
            let shown = shown.iter().map(message).collect();
            step.as_object_mut()?.insert("model_input_messages".to_owned(), shown);
        }
        Some(step)
    }

    fn original_action(&self, at: usize, step: &ActionStep) -> Value {
        let said = &step.reply;
        let answer = match self.memory.get(at + 1) {
            Some(MemoryStep::FinalAnswer(answer)) => Some(answer),
            _ => None,
        };
        let error =
            step.error.as_ref().map(|error| json!({"type": self.error_type(at, step), "message": error}));
        json!({
            "step_number": step.step_number,
            "timing": timing(step.started, step.duration),
            "tool_calls": calls_of(at, step),
            "error": error,
            "model_output_message": said_message(&said.text, &said.tool_calls, step.token_usage()),
            "model_output": text(&said.text),
            "code_action": step.code_action,
            "observations": text(&step.observations),
            "observations_images": or_null(step.observation_images.iter().map(address).collect()),
            "action_output": answer.map_or(&step.action_output, |answer| &answer.output),
            "token_usage": usage(step.token_usage()),
            "is_final_answer": answer.is_some() && !self.is_conclusion(at),
        })
    }

    /// The original's class for what went wrong.
    fn error_type(&self, at: usize, step: &ActionStep) -> &'static str {
        let told = step.error.as_deref().unwrap_or_default();
        let failed = step.tool_calls.iter().find(|record| matches!(record.reply, Some(Err(_))));
        match (self.strategy, failed) {
            _ if self.is_conclusion(at) => "AgentMaxStepsError",
            _ if told == prompt::GIVEN_UP || told.starts_with(prompt::REFUSED_ANSWER) => "AgentError",
            (Strategy::Code, _) if step.code_action.is_some() => "AgentExecutionError",
            (Strategy::ToolCalling, Some(record)) if record.call.name == FINAL_ANSWER => {
                "AgentExecutionError"
            }
            (Strategy::ToolCalling, Some(record)) if !self.takes(&record.made()) => "AgentToolCallError",
            (Strategy::ToolCalling, Some(_)) => "AgentToolExecutionError",
            _ => "AgentParsingError",
        }
    }

    /// Whether the call's arguments are those of its tool; an unknown tool takes any.
    fn takes(&self, call: &ToolCall) -> bool {
        let tool = self.sandbox.tools.iter().find(|tool| tool.name == call.name);
        let schema = tool.and_then(|tool| jsonschema::validator_for(&tool.input).ok());
        schema.is_none_or(|schema| schema.is_valid(&call.arguments))
    }
}

fn original_task(step: &TaskStep) -> Value {
    let pictures = step.attachments.iter().filter_map(|attachment| match &attachment.part {
        Part::Image(media) => Some(address(media)),
        _ => None,
    });
    json!({"task": step.task, "task_images": or_null(pictures.collect())})
}

fn original_plan(step: &PlanningStep) -> Value {
    json!({
        "model_output_message": said_message(&step.plan, &[], step.token_usage),
        "plan": step.plan,
        "timing": timing(step.started, step.duration),
        "token_usage": usage(step.token_usage),
    })
}

/// The code counts as a call; those it made are named by it, as the ids of each block begin anew.
fn calls_of(at: usize, step: &ActionStep) -> Vec<Value> {
    let block = format!("call_{at}");
    let code = step.code_action.as_ref().map(|code| call(&block, "python_interpreter", &json!(code)));
    let made = step.tool_calls.iter().map(|record| {
        let made = record.made();
        let id = if code.is_some() { format!("{block}/{}", made.id) } else { made.id };
        call(&id, &made.name, &made.arguments)
    });
    code.iter().cloned().chain(made).collect()
}

fn call(id: &str, name: &str, arguments: &Value) -> Value {
    json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
}

fn said_message(said: &str, calls: &[ToolCall], tokens: TokenUsage) -> Value {
    let content = text(said);
    json!({"role": "assistant", "content": content, "tool_calls": asked(calls), "raw": null, "token_usage": usage(tokens)})
}

fn message(message: &Message) -> Value {
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool-response",
    };
    let content: Vec<Value> = message.content.iter().map(part).collect();
    json!({"role": role, "content": content, "tool_calls": asked(&message.tool_calls), "raw": null, "token_usage": null})
}

fn asked(calls: &[ToolCall]) -> Value {
    let asked = calls.iter().map(|ToolCall { id, name, arguments }| {
        json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments, "description": null}})
    });
    or_null(asked.collect())
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image(media) => json!({"type": "image_url", "image_url": {"url": address(media)}}),
        Part::Audio(media) => json!({"type": "audio_url", "audio_url": {"url": address(media)}}),
        Part::Video(media) => json!({"type": "video_url", "video_url": {"url": address(media)}}),
    }
}

fn address(media: &Media) -> Value {
    match media {
        Media::Url(url) => json!(url),
        Media::Inline { mime, base64 } => json!(format!("data:{mime};base64,{base64}")),
    }
}

fn state(state: RunState) -> Value {
    match state {
        RunState::Answered => json!("success"),
        RunState::MaxSteps | RunState::Budget => json!("max_steps_error"),
        // The original has no result of a run that is not over.
        RunState::Running | RunState::Interrupted => json!(state),
    }
}

fn usage(tokens: TokenUsage) -> Value {
    let TokenUsage { input_tokens, output_tokens, .. } = tokens;
    match input_tokens + output_tokens {
        0 => Value::Null,
        total => json!({"input_tokens": input_tokens, "output_tokens": output_tokens, "total_tokens": total}),
    }
}

fn time(step: &MemoryStep) -> Option<(f64, f64)> {
    match step {
        MemoryStep::Planning(step) => Some((step.started, step.duration)),
        MemoryStep::Action(step) => Some((step.started, step.duration)),
        _ => None,
    }
}

fn timing(start: f64, duration: f64) -> Value {
    json!({"start_time": start, "end_time": start + duration, "duration": duration})
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn or_null(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Null } else { json!(values) }
}
