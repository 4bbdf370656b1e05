//! An agent as a tool of the protocol: a task in, an answer out, a run in between that the client can follow and stop.

use super::{ServeError, approval, content, tool::failed};
use futures::StreamExt;
use rmcp::{
    RoleServer,
    model::{CallToolResult, JsonObject, ProgressNotificationParam, Tool as ListedTool, ToolAnnotations},
    service::RequestContext,
};
use serde_json::{Value, json};
use smol_core::{
    agent::Agent,
    event::Event,
    memory::{ActionStep, MemoryStep},
    result::AgentRunResult,
    task::TaskRun,
};
use std::sync::Arc;

/// Characters of a step that progress shows.
const LONGEST_MESSAGE: usize = 200;

pub(super) struct ServedAgent {
    agent: Arc<Agent>,
}

impl ServedAgent {
    pub(super) fn new(agent: Arc<Agent>) -> Result<(ListedTool, Self), ServeError> {
        let name = agent.name().trim().to_owned();
        if name.is_empty() {
            return Err(ServeError::Unnamed);
        }
        let about = "An agent that works on a task you give it in words, and answers. It knows nothing but what you \
            tell it.";
        let description = format!("{} {about}", agent.description());
        let mut listed = ListedTool::new(name, description.trim().to_owned(), input());
        listed.output_schema = Some(Arc::new(output()));
        // What it does is up to its tools, and those may be any.
        listed.annotations = Some(ToolAnnotations::new().read_only(false).open_world(true));
        Ok((listed, Self { agent }))
    }

    pub(super) async fn call(&self, arguments: Value, context: RequestContext<RoleServer>) -> CallToolResult {
        let Some(task) = arguments.get("task").and_then(Value::as_str) else {
            return failed("wrong arguments: `task` is missing, or no text");
        };
        let mut run = self.agent.run(task).until(context.ct.clone().cancelled_owned());
        for (name, value) in arguments.get("additional_args").and_then(Value::as_object).into_iter().flatten() {
            run = run.variable(name, value);
        }
        approval::asking(context.peer.clone(), follow(run, &context)).await
    }
}

/// The run to its end, its steps told on the way.
async fn follow(run: TaskRun<'_>, context: &RequestContext<RoleServer>) -> CallToolResult {
    let (mut events, mut steps, mut answer) = (run.stream(), 0.0, None);
    while let Some(event) = events.next().await {
        match event {
            Ok(Event::Done(result)) => answer = Some(result),
            Ok(event) => {
                if let Some(message) = progress(&event) {
                    steps += 1.0;
                    tell(context, steps, message).await;
                }
            }
            Err(error) => return failed(&error.to_string()),
        }
    }
    match answer {
        Some(result) => outcome(&result),
        None => failed("the run ended without a result"),
    }
}

fn outcome(result: &AgentRunResult) -> CallToolResult {
    let blocks = content::blocks(if result.artifacts().is_empty() { &Value::Null } else { &result.output });
    let is_text = result.artifacts().is_empty();
    let blocks = if is_text { content::blocks(&Value::from(result.text.clone())) } else { blocks };
    let answer = if is_text { result.output.clone() } else { Value::from(result.text.clone()) };
    let mut reply = CallToolResult::success(blocks);
    reply.structured_content =
        Some(json!({"answer": answer, "success": result.success, "steps": result.total_steps}));
    reply
}

/// What a finished step is told as, of managed agents too.
fn progress(event: &Event) -> Option<String> {
    let (path, Event::Step(step)) = event.leaf() else { return None };
    let MemoryStep::Action(step) = &**step else { return None };
    let who = if path.is_empty() { String::new() } else { format!("{path}: ") };
    Some(format!("{who}step {}: {}", step.step_number, gist(step)))
}

fn gist(step: &ActionStep) -> String {
    let words = step.error.as_deref().unwrap_or(&step.observations);
    let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_MESSAGE).collect()
}

/// Tells a client that wants to know. One that does not listen any more is no reason to stop.
async fn tell(context: &RequestContext<RoleServer>, steps: f64, message: String) {
    if let Some(token) = context.meta.get_progress_token() {
        let progress = ProgressNotificationParam::new(token, steps).with_message(message);
        let _ = context.peer.notify_progress(progress).await;
    }
}

fn input() -> JsonObject {
    object(json!({
        "type": "object",
        "properties": {
            "task": {"type": "string", "description": "What to do, with everything one must know for it."},
            "additional_args": {"type": "object", "description": "Values it finds as variables, by name."},
        },
        "required": ["task"],
    }))
}

fn output() -> JsonObject {
    object(json!({
        "type": "object",
        "properties": {
            "answer": {"description": "The answer, as text or as a value."},
            "success": {"type": "boolean", "description": "Whether it is an answer, and not only the best it had."},
            "steps": {"type": "integer", "description": "How many steps it took."},
        },
        "required": ["answer", "success", "steps"],
    }))
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(fields) => fields,
        _ => JsonObject::new(),
    }
}
