//! The loop itself: what the model is told, what the result says, and that a run survives being cut anywhere.

use crate::support::{Lines, Logged, Script, cut_off};
use futures::{StreamExt, TryStreamExt, executor::block_on, pin_mut};
use serde_json::json;
use smol_core::{
    CodeAgent, Live, ToolCallingAgent,
    agent::{Agent, StartError},
    event::{Event, Failure},
    gate::Decision,
    memory::{MemoryStep, SystemStep},
    message::{Media, Message},
    model::{Delta, Profile},
    result::{AgentRunResult, RunState},
    run::Run,
    tool::{Effect, ToolSpec},
};
use std::sync::{Arc, Mutex};

fn code_agent(model: &Arc<Script>) -> Agent {
    let log = Arc::default();
    let tools = [Logged::tool("look", Effect::Reads, &log), Logged::tool("tool_0", Effect::Pure, &log)];
    CodeAgent::builder(model.clone()).tools(tools).executor(Lines::default()).build().unwrap()
}

fn run_code(replies: &[&str]) -> (AgentRunResult, Arc<Script>) {
    let model = Script::texts(replies.iter().copied());
    let result = block_on(code_agent(&model).run("do it").into_future()).unwrap();
    (result, model)
}

#[test]
fn an_answer_is_the_result() {
    let (result, _) = run_code(&["Thought: easy\n<code>print hello\nanswer 42"]);
    assert_eq!(
        (result.output.clone(), result.state, result.success),
        (json!("42"), RunState::Answered, true)
    );
    assert_eq!(result.to_string(), "42");
    assert_eq!(
        (result.total_steps, result.token_usage.input_tokens, result.token_usage.output_tokens),
        (1, 10, 2)
    );
    let [step] = result.steps.as_slice() else { panic!("{result:?}") };
    assert_eq!(step.code_action.as_deref(), Some("print hello\nanswer 42"));
    assert_eq!(
        (step.step_number, step.observations.as_str(), step.success),
        (1, "Printed output:\nhello", true)
    );
}

/// The one thing each reply leads to, as the model reads it next.
#[track_caller]
fn observed(reply: Vec<Delta>, expect: &str) {
    let model = Script::deltas([reply.clone(), vec![Delta::Text("<code>answer x</code>".into())]]);
    let result = block_on(code_agent(&model).run("do it").into_future()).unwrap();
    let text = model.last_user_text();
    assert!(text.starts_with("Observation:\n") && text.contains(expect), "{reply:?} led to {text}");
    assert_eq!(result.steps.len(), 2);
}

#[test]
fn what_the_model_is_told() {
    let rows = [
        ("<code>print a\nprint b</code>", "Printed output:\na\nb"),
        ("<code>set x</code>", "printed nothing"),
        ("<code>print a\nraise KeyError</code>", "Printed output:\na\nError:\nKeyError: oh"),
        ("<code>syntax</code>", "SyntaxError"),
        ("I think it is 4.", "held no code"),
        ("", "held no code"),
        ("print bare", "Printed output:\nbare"),
        ("<code>call look</code>", "Printed output:\n0"),
        ("<code>call nothing</code>", "there is no tool `nothing`; the tools are: look, tool_0"),
        ("<code>print a\nhang</code>", "the time limit of 1 s was reached\nThe sandbox was replaced"),
    ];
    for (reply, expect) in rows {
        observed(vec![Delta::Text(reply.into())], expect);
    }
    observed(cut_off("<code>print a\npri"), "cut off");
    observed(cut_off("Thought: I will now do a lo"), "cut off");
    observed(cut_off("<code>print a</code> and th"), "Printed output:\na");
}

#[test]
fn out_of_steps_the_model_answers_once_more() {
    let model = Script::texts(["<code>print 1</code>", "<code>print 2</code>", "Probably 3."]);
    let result = block_on(code_agent(&model).run("do it").max_steps(2).into_future()).unwrap();
    assert_eq!(
        (result.text.as_str(), result.state, result.success),
        ("Probably 3.", RunState::MaxSteps, false)
    );
    assert_eq!(result.errors, ["the limit of 2 steps was reached"]);
    assert_eq!(result.total_steps, 3);
}

#[test]
fn a_failed_run_keeps_its_steps_and_can_go_on() {
    let model = Script::texts(["<code>set a</code>"]);
    let error = block_on(code_agent(&model).run("do it").into_future()).unwrap_err();
    assert_eq!(error.to_string(), "the script is over");
    let run = error.run.unwrap();
    assert_eq!(run.result().total_steps, 1);
    let model = Script::texts(["<code>show\nanswer done</code>"]);
    let result = block_on(code_agent(&model).resume(*run)).unwrap();
    assert_eq!(result.steps[1].observations, "Printed output:\n[\"a\"]");
}

#[test]
fn an_empty_task_is_refused() {
    let model = Script::texts([]);
    for task in ["", " \n\t"] {
        let error = block_on(code_agent(&model).run(task).into_future()).unwrap_err();
        assert_eq!(error.failure, Failure::Start(StartError::EmptyTask));
    }
    assert!(model.requests.lock().unwrap().is_empty());
}

#[test]
fn images_and_follow_ups_reach_the_model() {
    let model = Script::texts(["<code>set a\nanswer 1", "<code>show\nanswer 2</code>"]);
    let agent = code_agent(&model);
    let mut session = agent.session();
    let image = Media::Url("http://x/y.png".into());
    block_on(session.run("look").images([image]).into_future()).unwrap();
    let result = block_on(session.run("again").into_future()).unwrap();
    assert_eq!((result.text.as_str(), result.total_steps, result.steps[0].step_number), ("2", 1, 1));
    assert_eq!(result.steps[0].observations, "Printed output:\n[\"a\"]", "variables outlive a task");
    let requests = model.requests.lock().unwrap();
    assert_eq!(requests[0].messages[1].content.len(), 2);
    let told = requests[1].messages.iter().rev().map(Message::text).collect::<Vec<_>>();
    assert_eq!(told[..2], ["again", "The answer that was given to this task:\n1"]);
    assert!(told[2].ends_with("</code>"), "the model sees its replies whole: {:?}", told[2]);
}

#[test]
fn variables_come_back_after_a_limit() {
    let (result, _) =
        run_code(&["<code>set a</code>", "<code>set b\nhang</code>", "<code>show\nanswer x</code>"]);
    assert_eq!(result.steps[2].observations, "Printed output:\n[\"a\"]");
}

#[test]
fn when_a_replay_goes_another_way_the_model_is_told() {
    let (result, model) =
        run_code(&["<code>vanish</code>", "<code>hang</code>", "<code>show\nanswer x</code>"]);
    assert_eq!(result.total_steps, 3, "{result:#?}");
    assert!(model.last_user_text().contains("variables of earlier blocks are gone"), "{result:#?}");
}

/// In the middle of a block that waits for a tool, too, and then without a word of variables that are there again.
#[test]
fn a_block_that_cannot_be_rebuilt_is_given_up() {
    let model = Script::texts(["<code>vanish</code>"]);
    let agent = code_agent(&model);
    let mut run = agent.run("do it").start().unwrap();
    block_on(async {
        let mut live = Live::default();
        let events = agent.drive(&mut run, &mut live);
        pin_mut!(events);
        while !matches!(events.next().await.unwrap().unwrap(), Event::ToolCall { .. }) {}
    });
    let model = Script::texts(["<code>answer x</code>"]);
    // An executor that has opened a sandbox before gives this block another tool to call.
    let executor = Lines::default();
    executor.opened.store(1, std::sync::atomic::Ordering::SeqCst);
    let agent = CodeAgent::builder(model.clone()).executor(executor).build().unwrap();
    let result = block_on(agent.resume(run)).unwrap();
    assert_eq!((result.total_steps, result.text.as_str()), (2, "x"), "{result:#?}");
    let told = model.last_user_text();
    assert!(told.contains("variables of earlier blocks are gone") && !told.contains("there again"), "{told}");
}

/// A run cut after each of its events in turn, saved, loaded and carried on gives what an uncut one gives, and
/// calls each tool once.
#[test]
fn a_run_cut_at_any_event_goes_on_as_if_it_had_not_been() {
    let replies = [
        "<code>set a\ncall look\nprint x\ncall look\nset b</code>",
        "prose, not code",
        "<code>show\ncall look\nanswer z</code>",
    ];
    let uncut = run_code(&replies).0;
    for cut in 0.. {
        let log = Arc::default();
        let model = Script::texts(replies);
        let agent = |model: &Arc<Script>| {
            CodeAgent::builder(model.clone())
                .tool(Logged::tool("look", Effect::Writes, &log))
                .executor(Lines::default())
                .build()
                .unwrap()
        };
        let mut run = agent(&model).run("do it").start().unwrap();
        let first = agent(&model);
        let mut seen = 0;
        block_on(async {
            let mut live = Live::default();
            let events = first.drive(&mut run, &mut live);
            pin_mut!(events);
            while seen < cut
                && let Some(event) = events.next().await
            {
                event.unwrap();
                seen += 1;
            }
        });
        let finished = seen < cut;
        let saved = serde_json::to_string(&run).unwrap();
        let loaded: Run = serde_json::from_str(&saved).unwrap();
        assert_eq!(loaded, run);
        // A reply that was cut is asked for again from its beginning.
        let asked = loaded.steps().count();
        let rest = Script::texts(replies.iter().copied().skip(asked + usize::from(mid_step(&loaded))));
        let agent = agent(&rest);
        let mut result = block_on(agent.resume(loaded)).unwrap_or_else(|error| {
            // Nobody knows whether a call that writes had happened when the run was cut: a person says that it had not.
            let (Failure::Waiting(calls), Some(mut run)) = (error.failure, error.run) else {
                panic!("cut {cut}")
            };
            assert!(calls.len() == 1 && calls[0].may_have_happened, "{calls:?}");
            run.decide(&calls[0].id, Decision::Approve);
            block_on(agent.resume(*run)).unwrap()
        });
        forget_time(&mut result);
        let mut expect = uncut.clone();
        forget_time(&mut expect);
        assert_eq!(result, expect, "cut after {cut} events");
        assert_eq!(log.lock().unwrap().len(), 6, "cut after {cut} events: {:?}", log);
        if finished {
            return;
        }
    }
}

/// Whoever wrote the events of a session down has its run, though the tasks were put with settings of their own.
#[test]
fn the_events_of_a_session_make_its_run_again() {
    let model = Script::texts(["<code>set a\nanswer 1", "<code>show</code>", "Two, I think."]);
    let agent = code_agent(&model);
    let (mut session, mut again) = (agent.session(), Run::default());
    for (task, steps) in [("first", 5), ("second", 1)] {
        let events = session.run(task).max_steps(steps).stream().try_collect::<Vec<Event>>();
        block_on(events).unwrap().iter().for_each(|event| again.apply(event));
    }
    assert_eq!(Some(&again), session.history());
    assert_eq!((again.state(), again.settings().max_steps), (RunState::MaxSteps, 1));
}

fn mid_step(run: &Run) -> bool {
    !matches!(run.next(), smol_core::run::Next::Model(..) | smol_core::run::Next::Done)
}

fn forget_time(result: &mut AgentRunResult) {
    result.execution_time = 0.0;
    for step in &mut result.steps {
        step.duration = 0.0;
        step.tool_calls.iter_mut().for_each(|call| call.timestamp = 0.0);
    }
}

#[test]
fn events_tell_each_thing_once() {
    let model = Script::texts(["<code>call look</code>", "<code>answer x</code>"]);
    let agent = code_agent(&model);
    let events: Vec<Event> = block_on(agent.run("do it").stream().try_collect()).unwrap();
    let names: Vec<String> = events.iter().map(name_of).collect();
    let asked = ["ask", "delta", "delta", "said", "code", "executed"];
    let expect = [
        &["begin", "progress"][..],
        &asked,
        &["tool_call", "tool_reply", "executed", "step"],
        &asked,
        &["step", "step", "done"],
    ];
    assert_eq!(names, expect.concat());
}

fn name_of(event: &Event) -> String {
    serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned()
}

#[test]
fn many_runs_on_one_agent_do_not_mix() {
    let agent = CodeAgent::builder(Arc::new(Echo)).executor(Lines::default()).build().unwrap();
    let runs = (0..200).map(|number| agent.run(format!("task {number}")).into_future());
    let results = block_on(futures::future::join_all(runs));
    for (number, result) in results.into_iter().enumerate() {
        let result = result.unwrap();
        assert_eq!(result.text, format!("task {number}"));
        assert_eq!(result.steps[1].observations, format!("Printed output:\n[\"task {number}\"]"));
    }
}

/// Sets a variable to its task in the first step, and answers with the task in the second.
struct Echo;

impl smol_core::model::Model for Echo {
    fn stream(
        &self,
        request: smol_core::model::Request,
    ) -> futures::stream::BoxStream<'_, Result<Delta, smol_core::model::ModelError>> {
        let task = request.messages[1].text();
        let first = request.messages.len() == 2;
        let code = if first {
            format!("<code>set {task}</code>")
        } else {
            format!("<code>show\nanswer {task}</code>")
        };
        futures::stream::iter([Ok(Delta::Text(code))]).boxed()
    }
}

// Tool calling.

fn call_text(name: &str, n: i64) -> String {
    format!(r#"{{"name": "{name}", "arguments": {{"n": {n}}}}}"#)
}

fn run_calls(effect: Effect, replies: Vec<Vec<Delta>>) -> (AgentRunResult, Arc<Script>, Vec<String>) {
    let (log, model) = (Arc::new(Mutex::new(Vec::new())), Script::deltas(replies));
    let agent =
        ToolCallingAgent::builder(model.clone()).tool(Logged::tool("count", effect, &log)).build().unwrap();
    let result = block_on(agent.run("do it").into_future()).unwrap();
    let log = log.lock().unwrap().clone();
    (result, model, log)
}

fn text(text: impl Into<String>) -> Vec<Delta> {
    vec![Delta::Text(text.into())]
}

fn answer() -> Vec<Delta> {
    text(r#"{"name": "final_answer", "arguments": {"answer": [1, "two"]}}"#)
}

#[test]
fn calls_that_read_run_at_once_and_keep_their_order() {
    let three = [1, 2, 3].map(|n| call_text("count", n)).join("\n");
    let (result, model, log) = run_calls(Effect::Reads, vec![text(&*three), answer()]);
    assert_eq!(log[..3], ["begin 1", "begin 2", "begin 3"]);
    assert_eq!(log[3..], ["end 3", "end 2", "end 1"]);
    assert_eq!(
        model.last_user_text(),
        "Observation:\n`count` gave:\n1\n\n`count` gave:\n2\n\n`count` gave:\n3"
    );
    assert_eq!((result.output, result.text.as_str()), (json!([1, "two"]), r#"[1,"two"]"#));
    let (_, _, log) = run_calls(Effect::Writes, vec![text(&*three), answer()]);
    assert_eq!(log, ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
}

#[track_caller]
fn told(reply: Vec<Delta>, expect: &str) {
    let (_, model, _) = run_calls(Effect::Reads, vec![reply.clone(), answer()]);
    let said = model.last_user_text();
    assert!(said.contains(expect), "{reply:?} led to {said}");
}

#[test]
fn what_a_tool_caller_is_told() {
    told(text("hello"), "called no tool");
    told(text(call_text("coutn", 1)), "there is no tool `coutn`; the tools are: count");
    told(text(call_text("count", 7)), "`count` failed: seven is not served");
    told(text(call_text("count", 13)), "`count` crashed");
    told(
        text(r#"{"name": "count", "arguments": {"n": "x"}}"#),
        r#"wrong arguments for `count`: "x" is not of type "integer""#,
    );
    told(text(r#"{"name": "count", "arguments": {"m": 1}}"#), "wrong arguments for `count`");
    told(text(r#"{"name": "count", "arguments": "oh"}"#), "not a JSON object");
    told(cut_off(r#"{"name": "count", "argu"#), "cut off");
    let both = call_text("count", 1) + r#"{"name": "final_answer", "arguments": {"answer": 1}}"#;
    told(text(both), "must be the only call");
}

#[test]
fn native_calls_are_answered_by_id() {
    let piece = |index, id: Option<&str>, name: Option<&str>, arguments: &str| Delta::ToolCall {
        index,
        id: id.map(Into::into),
        name: name.map(Into::into),
        arguments: arguments.into(),
    };
    let reply = vec![
        piece(0, Some("a"), Some("count"), ""),
        piece(0, None, None, r#"{"n":"#),
        piece(1, Some("b"), Some("count"), r#"{"n": 2}"#),
        piece(0, None, None, " 1}"),
        piece(2, Some("c"), Some("count"), "{broken"),
    ];
    let (result, model, _) = run_calls(Effect::Reads, vec![reply, answer()]);
    let requests = model.requests.lock().unwrap();
    let tools: Vec<&str> = requests[0].tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(tools, ["count", "final_answer"]);
    let messages = &requests[1].messages[requests[1].messages.len() - 4..];
    assert_eq!(messages[0].tool_calls.len(), 3);
    let replies: Vec<_> = messages[1..]
        .iter()
        .map(|message| (message.tool_call_id.as_deref().unwrap(), message.text()))
        .collect();
    assert_eq!(replies[..2], [("a", "1".to_owned()), ("b", "2".to_owned())]);
    assert!(replies[2].1.contains("not a JSON object"), "{replies:?}");
    assert_eq!(
        (result.steps[0].tool_calls[1].tool_name.as_str(), &result.steps[0].tool_calls[1].arguments),
        ("count", &json!({"n": 2}))
    );
}

// Building and prompting.

#[test]
fn what_does_not_fit_is_refused_when_built() {
    let build = |names: &[&str]| {
        let log = Arc::default();
        let tools = names.iter().map(|name| Logged::tool(name, Effect::Pure, &log));
        ToolCallingAgent::builder(Script::texts([])).tools(tools).build().map(|_| ()).unwrap_err().to_string()
    };
    assert!(build(&["web search"]).starts_with("`web search` cannot name a tool\n\nhint: "));
    assert!(build(&["class"]).starts_with("`class` cannot name a tool"));
    assert!(build(&["a", "a"]).starts_with("two tools are named `a`"));
    assert!(build(&["final_answer"]).starts_with("two tools are named `final_answer`"));
    let error = CodeAgent::builder(Script::texts([])).build().map(|_| ()).unwrap_err();
    assert!(error.to_string().starts_with("a code agent needs an executor"));
}

struct Search(ToolSpec);

#[async_trait::async_trait]
impl smol_core::tool::Tool for Search {
    fn spec(&self) -> &ToolSpec {
        &self.0
    }

    async fn call(&self, _: serde_json::Value) -> Result<serde_json::Value, smol_core::tool::ToolError> {
        Ok(json!([]))
    }
}

fn search() -> Search {
    Search(ToolSpec {
        input: json!({
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What to look for."},
                "max_results": {"type": "integer", "default": 10},
                "site": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "kind": {"enum": ["news", "all"], "default": "all"},
                "words": {"type": ["array", "null"], "items": {"type": "string"}},
                "from": {"type": "string", "description": "The earliest date."},
            },
            "required": ["query"],
        }),
        output: json!({"type": "array", "items": {"type": "object", "properties": {"title": {"type": "string"}}}}),
        ..ToolSpec::new("web_search", "Searches the web.\n\nBest results first.")
    })
}

fn system_prompt(run: &Run) -> String {
    let MemoryStep::System(SystemStep { prompt, examples }) = &run.memory()[0] else { panic!("{run:?}") };
    let turns: Vec<String> = examples
        .iter()
        .map(|example| format!("\n=== user\n{}\n=== assistant\n{}", example.user, example.assistant))
        .collect();
    prompt.clone() + &turns.concat()
}

#[test]
fn prompts() {
    let builder = |profile| {
        CodeAgent::builder(Script::texts([]))
            .tool(search())
            .executor(Lines::default())
            .profile(profile)
            .instructions("Answer in French.")
    };
    let large = builder(Profile::Large).authorized_imports(["math", "json"]).build().unwrap();
    insta::assert_snapshot!("code_large", system_prompt(&large.run("x").start().unwrap()));
    let small = builder(Profile::Small).build().unwrap();
    insta::assert_snapshot!("code_small", system_prompt(&small.run("x").start().unwrap()));
    let builder = || ToolCallingAgent::builder(Script::texts([])).tool(search());
    insta::assert_snapshot!(
        "tool_calling",
        system_prompt(&builder().build().unwrap().run("x").start().unwrap())
    );
    let small = builder().profile(Profile::Small).build().unwrap();
    insta::assert_snapshot!("tool_calling_small", system_prompt(&small.run("x").start().unwrap()));
}
