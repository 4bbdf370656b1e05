//! What is given with a task: files, variables, and what is refused before anything runs.

use crate::{
    coder, run,
    support::{Logged, Script},
};
use futures::executor::block_on;
use serde_json::json;
use smol_core::{
    ToolCallingAgent,
    budget::Budget,
    message::{Media, Part},
    model::ModelInfo,
    run::Strategy,
    tool::Effect,
};
use std::{sync::Arc, time::Duration};

#[test]
fn variables_are_defined_and_told() {
    let model = Script::texts(["<code>show</code>", "<code>answer x</code>", "<code>show\nanswer y</code>"]);
    let agent = coder(&model).build().unwrap();
    let mut session = agent.session();
    block_on(session.run("go").variable("set", json!({"a": [1, null, true]})).into_future()).unwrap();
    let asked = model.asked();
    assert_eq!(asked[0][1], "go\n\nThese variables are defined:\n- set = {\"a\":[1,null,true]}");
    // The sandbox of lines takes the assignment for its word `set`: what came to it is Python.
    assert_eq!(
        asked[1].last().unwrap(),
        "Observation:\nPrinted output:\n[\"= {\\\"a\\\": [1, None, True]}\"]"
    );
    let result = block_on(session.run("more").variable("set", "text").into_future()).unwrap();
    assert!(result.steps[0].observations.contains("= \\\"text\\\""), "{}", result.steps[0].observations);
}

#[test]
fn what_is_set_reaches_the_sandbox() {
    let budget = Budget { sandbox_memory: Some(64 << 20), ..Budget::default() };
    let agent =
        coder(&Script::texts([])).budget(budget).timeout(Duration::from_secs(3)).authorized_imports(["math"]);
    let run = agent.build().unwrap().run("go").start().unwrap();
    let spec = run.sandbox();
    assert_eq!((spec.memory, spec.time_per_block), (Some(64 << 20), Some(Duration::from_secs(3))));
    assert!(spec.seed.is_some() && spec.authorized_imports == Some(vec!["math".to_owned()]));
}

#[test]
fn a_tool_caller_names_variables_as_arguments() {
    let model = Script::texts([
        r#"{"name": "look", "arguments": {"n": "number"}}"#,
        r#"{"name": "final_answer", "arguments": {"answer": 1}}"#,
    ]);
    let log = Arc::default();
    let agent = ToolCallingAgent::builder(model.clone())
        .tool(Logged::tool("look", Effect::Reads, &log))
        .build()
        .unwrap();
    block_on(agent.run("go").variable("number", 4).into_future()).unwrap();
    assert_eq!(*log.lock().unwrap(), ["begin 4", "end 4"]);
}

#[test]
fn files_are_named_and_go_to_models_that_take_them() {
    let folder = std::env::temp_dir().join(format!("smol-core-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| {
        let path = folder.join(name);
        std::fs::write(&path, b"abc").unwrap();
        path
    };
    let (picture, sound, film) = (path("a.PNG"), path("b.mp3"), path("c.mp4"));
    let check = |info: ModelInfo, expect: &[&str]| {
        let model = Script::known(info, ["<code>answer x</code>"]);
        let agent = coder(&model).build().unwrap();
        let task =
            agent.run("go").image(&picture).audio(&sound).video(&film).image("https://example.org/d.jpg");
        block_on(task.into_future()).unwrap();
        let requests = model.requests.lock().unwrap();
        let message = &requests[0].messages[1];
        let kinds: Vec<&str> = message.content.iter().map(kind).collect();
        assert_eq!(kinds, expect);
        let told = format!(
            "go\n\nGiven with the task: {}, {}, {}, https://example.org/d.jpg",
            picture.display(),
            sound.display(),
            film.display()
        );
        assert_eq!(message.text(), told);
        assert_eq!(
            message.content[1],
            Part::Image(Media::Inline { mime: "image/png".into(), base64: "YWJj".into() })
        );
    };
    check(ModelInfo::default(), &["text", "image", "image"]);
    let able = ModelInfo { audio: true, video: true, ..ModelInfo::default() };
    check(able, &["text", "image", "audio", "video", "image"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn kind(part: &Part) -> &'static str {
    match part {
        Part::Text(_) => "text",
        Part::Image(_) => "image",
        Part::Audio(_) => "audio",
        Part::Video(_) => "video",
        _ => "other",
    }
}

#[test]
fn what_cannot_be_given_is_refused_before_anything_runs() {
    let model = Script::texts([]);
    let agent = coder(&model).tool(Logged::tool("look", Effect::Reads, &Arc::default())).build().unwrap();
    let check = |task: smol_core::task::TaskRun<'_>, expect: &str| {
        let error = block_on(task.into_future()).unwrap_err().to_string();
        assert!(error.starts_with(expect) && error.contains("\n\nhint: "), "{error}");
    };
    check(agent.run("go").image("no/such/file.png"), "could not read `no/such/file.png`: ");
    check(agent.run("go").variable("a b", 1), "`a b` cannot name a variable");
    check(agent.run("go").variable("look", 1), "`look` cannot name a variable");
    assert!(model.asked().is_empty());
}

#[test]
fn instructions_and_small_profiles_reach_structured_prompts() {
    let info = ModelInfo { structured_output: true, ..ModelInfo::default() };
    let model = Script::known(info, [r#"{"thought": "easy", "code": "<code>\nanswer x\n</code>"}"#]);
    let agent = coder(&model).structured_code(true).instructions("Be brief.").build().unwrap();
    assert_eq!(run(&agent).steps[0].code_action.as_deref(), Some("answer x"));
    let requests = model.requests.lock().unwrap();
    assert!(
        requests[0].stop.is_empty()
            && requests[0].schema.as_ref().unwrap()["required"] == json!(["thought", "code"])
    );
    insta::assert_snapshot!("structured", requests[0].messages[0].text());
}

#[test]
fn a_run_knows_who_began_it() {
    let agent = coder(&Script::texts([])).name("worker").build().unwrap();
    let run = agent.run("go").start().unwrap();
    assert_eq!((run.agent(), run.model(), run.strategy()), ("worker", "model", Strategy::Code));
}
