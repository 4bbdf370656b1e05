//! The forms of a run.

use crate::common::{agent, model, run};
use smolagents::{
    Failure, MemoryStep, RunState, StartError,
    message::{Media, Part},
    model::{Delta, ModelInfo},
    models::scripted::{FunctionModel, ScriptedModel, text},
    prelude::*,
};
use std::{path::PathBuf, sync::Arc, time::Duration};

#[tokio::test]
async fn s01_pictures_recordings_and_films_go_with_a_task() {
    let file = |name: &str| {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, name).unwrap();
        path
    };
    let info = ModelInfo { audio: true, video: true, ..ModelInfo::default() };
    let model = Arc::new(ScriptedModel::new([text("<code>\nfinal_answer('seen')\n</code>")]).describe(info));
    let agent = CodeAgent::builder(model.clone()).build().unwrap();
    let task = agent.run("Process this podcast").image("https://example.com/photo.jpg");
    let (thumbnail, podcast, film) = (file("thumbnail.jpg"), file("podcast.wav"), file("film.mp4"));
    task.image(&thumbnail).audio(&podcast).video(&film).await.unwrap();
    let inline = |mime: &str, name: &str| Media::bytes(mime, name.as_bytes());
    let requests = model.requests();
    let attached = &requests[0].messages[1].content[1..];
    let expect = [
        Part::Image(Media::Url("https://example.com/photo.jpg".to_owned())),
        Part::Image(inline("image/jpeg", "thumbnail.jpg")),
        Part::Audio(inline("audio/wav", "podcast.wav")),
        Part::Video(inline("video/mp4", "film.mp4")),
    ];
    assert_eq!(attached, expect);
    // Tools find the files by name.
    let told = requests[0].messages[1].text();
    assert!(told.contains(podcast.to_str().unwrap()) && told.contains(film.to_str().unwrap()), "{told}");
}

#[tokio::test]
async fn s05_a_stream_has_steps_their_parts_and_pieces_of_text() {
    let agent = agent(&["x = 21\nprint(x)", "final_answer(2 * x)"]).build().unwrap();
    let mut events = agent.run("Double it").stream();
    let (mut shown, mut said) = (Vec::new(), String::new());
    while let Some(event) = events.next().await {
        match event.unwrap() {
            Event::Step(step) => match *step {
                MemoryStep::Action(step) => {
                    shown.push(format!("{}: {}", step.step_number, step.code_action.unwrap()));
                    shown.push(step.observations);
                }
                MemoryStep::FinalAnswer(answer) => shown.push(answer.output.to_string()),
                other => panic!("{other:?}"),
            },
            Event::Delta(Delta::Text(piece)) => said += &piece,
            _ => {}
        }
    }
    assert_eq!(shown, ["1: x = 21\nprint(x)", "Printed output:\n21", "2: final_answer(2 * x)", "", "42"]);
    assert!(said.contains("<code>\nx = 21\nprint(x)\n"), "{said}");
}

#[tokio::test]
async fn s06_a_timeout_ends_a_block_and_not_the_run() {
    let blocks = ["kept = 1", "while True:\n    pass", "final_answer(kept)"];
    let result = run(agent(&blocks).timeout(Duration::from_millis(500))).await;
    assert_eq!(result.output, 1, "{result:#?}");
    let [only] = result.errors.as_slice() else { panic!("{:?}", result.errors) };
    assert!(only.contains("0.5 s") && !result.steps[1].success, "{only}");
}

#[tokio::test]
async fn s07_memory_size_is_how_many_earlier_tasks_are_shown() {
    let model = model(&["final_answer(1)", "final_answer(2)", "final_answer(3)"]);
    let agent = CodeAgent::builder(model.clone()).memory_size(1).build().unwrap();
    let mut session = agent.session();
    for task in ["Task one", "Task two", "Task three"] {
        session.run(task).await.unwrap();
    }
    let shown: String = model.requests()[2].messages.iter().map(|message| message.text() + "\n").collect();
    assert!(!shown.contains("Task one") && shown.contains("Task two\n") && shown.ends_with("Task three\n"));
}

#[tokio::test]
async fn s08_ten_steps_by_default() {
    let model = FunctionModel::new(|_| text("<code>\n1\n</code>"));
    let result = run(CodeAgent::builder(model)).await;
    assert_eq!((result.total_steps, result.state), (11, RunState::MaxSteps), "ten, and its last word");
}

#[tokio::test]
async fn s14_an_answer_can_be_assigned() {
    let rows = [
        ("final_answer = f'{10 * 50_000:,}'", "500,000"),
        ("total = 3\nfinal_answer = {'total': total}", "{'total': 3}"),
        ("final_answer = None", "None"),
        ("final_answer('called')", "called"),
    ];
    for (code, expect) in rows {
        let result = run(agent(&[code])).await;
        assert_eq!((result.to_string().as_str(), result.success), (expect, true), "{code}");
    }
}

#[tokio::test]
async fn s25_a_session_remembers_and_a_run_does_not() {
    let model = model(&["x = 5\nfinal_answer(x)", "final_answer(x + 1)", "final_answer('x' in globals())"]);
    let agent = CodeAgent::builder(model.clone()).build().unwrap();
    let mut session = agent.session();
    session.run("First task").await.unwrap();
    assert_eq!(session.run("Second task, related to the first").await.unwrap().output, 6);
    let shown =
        |request: usize| model.requests()[request].messages.iter().any(|one| one.text() == "First task");
    assert_eq!(agent.run("Third task").await.unwrap().output, false);
    assert!(shown(1) && !shown(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s30_one_agent_serves_many_threads() {
    let model = FunctionModel::new(|request| {
        let task = request.messages.last().map(|message| message.text()).unwrap_or_default();
        text(format!("<code>\nfinal_answer({task} ** 2)\n</code>"))
    });
    let agent = Arc::new(CodeAgent::builder(model).build().unwrap());
    let spawned = |number: u32| {
        let agent = agent.clone();
        tokio::spawn(async move { agent.run(number.to_string()).await.unwrap().output })
    };
    let runs: Vec<_> = (1..=8).map(spawned).collect();
    let mut squares = Vec::new();
    for run in runs {
        squares.push(run.await.unwrap());
    }
    assert_eq!(squares, [1, 4, 9, 16, 25, 36, 49, 64]);
}

#[tokio::test]
async fn s27_failures_tell_configuration_from_execution() {
    let agent = agent(&[]).build().unwrap();
    let empty = agent.run(" ").await.unwrap_err();
    assert_eq!(empty.failure, Failure::Start(StartError::EmptyTask));
    let missing = agent.run("Look").image("no/such/file.png").await.unwrap_err();
    assert!(matches!(missing.failure, Failure::Start(StartError::Media(_))), "{missing}");
    let silent = agent.run("Speak").await.unwrap_err();
    assert!(matches!(silent.failure, Failure::Model(_)) && silent.run.is_some(), "{silent}");
}
