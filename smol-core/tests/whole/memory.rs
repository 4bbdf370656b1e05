//! What the model is shown of a long memory.

use crate::{coder, run, support::Script};
use futures::executor::block_on;
use smol_core::{context::Compaction, hooks::StepKind, memory::MemoryStep, message::Media, model::ModelInfo};

const REPLIES: [&str; 6] = [
    "<code>set a\nprint one</code>",
    "<code>print two</code>",
    "a is set, one was printed",
    "<code>show\nprint three</code>",
    "as before",
    "<code>answer x</code>",
];

/// A window that is full after two steps, by the service's own count.
fn window(compaction: Compaction, replies: &[&'static str]) -> std::sync::Arc<Script> {
    let info = ModelInfo { context_window: Some(20), ..ModelInfo::default() };
    let model = Script::known(info, replies.iter().copied());
    run(&coder(&model).compaction(compaction).build().unwrap());
    model
}

#[test]
fn a_full_window_has_the_earlier_steps_summed_up() {
    let model = window(Compaction::Summarise, &REPLIES);
    let asked = model.asked();
    assert!(asked[2].last().unwrap().starts_with("The conversation grows too long"));
    // The newest step stays whole, and the task stays.
    let shown = &asked[3][1..];
    assert_eq!(shown[0], "do it");
    assert!(shown[1].ends_with("not shown any more:\na is set, one was printed"), "{shown:?}");
    assert_eq!(shown[2..], ["<code>print two</code>", "Observation:\nPrinted output:\ntwo"]);
    // And variables of the steps that are not shown are there.
    let newest = &asked[5][1..];
    assert!(newest[1].ends_with("as before") && newest[3].contains("[\"a\"]"), "{newest:?}");
    assert_eq!(newest.len(), 4);
}

#[test]
fn or_left_out_or_kept() {
    let replies = [REPLIES[0], REPLIES[1], REPLIES[3], REPLIES[5]];
    let model = window(Compaction::Drop, &replies);
    let shown = &model.asked()[3][1..];
    assert_eq!(shown.len(), 3, "the task and the newest step: {shown:?}");
    let model = window(Compaction::Off, &replies);
    assert_eq!(model.asked()[3][1..].len(), 7);
}

#[test]
fn a_session_shows_as_many_earlier_tasks_as_it_is_told() {
    let check = |size: Option<usize>, expect: &[&str]| {
        let model =
            Script::texts(["<code>answer 1</code>", "<code>answer 2</code>", "<code>answer 3</code>"]);
        let mut builder = coder(&model);
        if let Some(size) = size {
            builder = builder.memory_size(size);
        }
        let agent = builder.build().unwrap();
        let mut session = agent.session();
        for task in ["first", "second", "third"] {
            block_on(session.run(task).into_future()).unwrap();
        }
        let shown = model.asked()[2].clone();
        let tasks: Vec<&str> = shown
            .iter()
            .map(String::as_str)
            .filter(|text| ["first", "second", "third"].contains(text))
            .collect();
        assert_eq!(tasks, expect);
    };
    check(None, &["first", "second", "third"]);
    check(Some(1), &["second", "third"]);
    check(Some(0), &["third"]);
}

/// As a browsing agent does: each step brings a picture, and only the newest is sent.
#[test]
fn a_callback_adds_pictures_and_drops_old_ones() {
    let model = Script::texts(["<code>print 1</code>", "<code>print 2</code>", "<code>answer x</code>"]);
    let agent = coder(&model).on_step(StepKind::Action, |memory| {
        for step in memory.iter_mut() {
            if let MemoryStep::Action(step) = step {
                step.observation_images.clear();
            }
        }
        if let Some(MemoryStep::Action(step)) = memory.last_mut() {
            step.observation_images.push(Media::bytes("image/png", b"seen"));
        }
        Ok(())
    });
    run(&agent.build().unwrap());
    let requests = model.requests.lock().unwrap();
    let pictures =
        |at: usize| requests[at].messages.iter().map(|message| message.content.len() - 1).sum::<usize>();
    assert_eq!([pictures(0), pictures(1), pictures(2)], [0, 1, 1]);
}

#[test]
fn pictures_that_code_gives_are_shown_to_a_model_that_sees_them() {
    let check = |vision: Option<bool>, format: &str, expect: usize| {
        let info = ModelInfo { vision, ..ModelInfo::default() };
        let value = format!(r#"[{{"__type__": "image", "format": "{format}", "base64": "aGk="}}]"#);
        let code = format!("<code>value {value}</code>");
        let model = Script::known(info, [code.as_str(), "<code>answer x</code>"]);
        run(&coder(&model).build().unwrap());
        let requests = model.requests.lock().unwrap();
        let pictures = requests[1].messages.iter().map(|message| message.content.len() - 1);
        assert_eq!(pictures.sum::<usize>(), expect, "{vision:?}, {format}");
    };
    check(Some(true), "png", 1);
    check(Some(true), "svg", 0);
    check(Some(false), "png", 0);
    check(None, "png", 0);
}
