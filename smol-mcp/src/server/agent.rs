//! An agent as a tool of the protocol: a task in, an answer out, a run in between that the client can follow and stop.

use super::{
    ServeError,
    approval::{self, Client},
    content,
    tool::failed,
    waiting::Waiting,
};
use futures::StreamExt;
use rmcp::{
    RoleServer,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, InputResponses, JsonObject,
        ProgressNotificationParam, Tool as ListedTool, ToolAnnotations,
    },
    service::RequestContext,
};
use serde_json::{Value, json};
use smol_core::{
    Live,
    agent::Agent,
    event::{Event, Failure},
    memory::{ActionStep, MemoryStep},
    result::AgentRunResult,
    run::Run,
};
use std::sync::Arc;

/// Characters of a step that progress shows.
const LONGEST_MESSAGE: usize = 200;

pub(super) struct ServedAgent {
    agent: Arc<Agent>,
    waiting: Waiting,
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
        Ok((listed, Self { agent, waiting: Waiting::default() }))
    }

    pub(super) async fn call(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> CallToolResponse {
        let begun = match &request.request_state {
            Some(state) => self.taken_up(state, request.input_responses.unwrap_or_default()),
            None => self.begun(&Value::Object(request.arguments.unwrap_or_default())),
        };
        match begun {
            Ok((run, live)) => {
                let client = Client::of(&context);
                approval::asking(client.clone(), self.follow(run, live, client, &context)).await
            }
            Err(fault) => failed(&fault).into(),
        }
    }

    fn begun(&self, arguments: &Value) -> Result<(Run, Live), String> {
        let task = arguments.get("task").and_then(Value::as_str);
        let task = task.ok_or("wrong arguments: `task` is missing, or no text")?;
        let mut run = self.agent.run(task);
        for (name, value) in arguments.get("additional_args").and_then(Value::as_object).into_iter().flatten()
        {
            run = run.variable(name, value);
        }
        Ok((run.start().map_err(|failure| failure.to_string())?, Live::default()))
    }

    /// A run that waited, with what was answered.
    fn taken_up(&self, state: &str, answers: InputResponses) -> Result<(Run, Live), String> {
        let taken = self.waiting.take(state);
        let (mut run, live) = taken.ok_or("the run that this is about is not known any more: begin again")?;
        for (id, answer) in answers {
            run.decide(&id, approval::decision(&answer));
        }
        Ok((run, live))
    }

    /// The run to its end, its steps told on the way; or to where somebody has to decide.
    async fn follow(
        &self,
        mut run: Run,
        mut live: Live,
        client: Client,
        context: &RequestContext<RoleServer>,
    ) -> CallToolResponse {
        let (mut steps, mut failure) = (0.0, None);
        {
            let stop = context.ct.clone().cancelled_owned();
            let mut events = self.agent.drive_until(&mut run, &mut live, stop);
            while let Some(event) = events.next().await {
                match event {
                    Ok(event) => {
                        if let Some(message) = progress(&event) {
                            steps += 1.0;
                            tell(context, steps, message).await;
                        }
                    }
                    Err(error) => failure = Some(error),
                }
            }
        }
        match failure {
            None => outcome(&run.result()).into(),
            Some(Failure::Waiting(calls)) if client.is_asked_between() => {
                let questions = calls.iter().map(|call| (call.id.clone(), approval::put(call))).collect();
                self.waiting.keep(run, live, questions).into()
            }
            Some(failure) => failed(&failure.to_string()).into(),
        }
    }
}

fn outcome(result: &AgentRunResult) -> CallToolResult {
    // A picture is shown as one; its bytes are not said again.
    let shown =
        if result.artifacts().is_empty() { Value::from(result.text.clone()) } else { result.output.clone() };
    let answer =
        if result.artifacts().is_empty() { result.output.clone() } else { result.text.clone().into() };
    let mut reply = CallToolResult::success(content::blocks(&shown));
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
