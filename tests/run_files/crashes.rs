//! A process is killed at every event of a run, and inside every call that writes. Another carries the run on from its
//! file: the answer is the same, nothing happens twice, and no reply on record is asked for again.

use crate::team::{ANSWER, EFFECTS, folder, lines, manager, run_in};
use futures::StreamExt;
use serde_json::{Value, json};
use smolagents::{
    Decision, Event, Failure, Live, Run,
    event::Waiting,
    executors::Wasm,
    runs::{Header, Recorder, RunFile, TeeError, replay},
};
use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// What the other process is told by.
const FOLDER: &str = "SMOLAGENTS_TEST_FOLDER";
const AFTER: &str = "SMOLAGENTS_TEST_KILLED_AFTER";
const INSIDE: &str = "SMOLAGENTS_TEST_KILLED_INSIDE";

#[test]
fn a_run_killed_at_any_event_goes_on_in_another_process() {
    let whole = folder("whole");
    assert!(finishes(&whole), "the undisturbed run fails");
    check(&whole, "undisturbed");
    let events = RunFile::load(run_in(&whole)).unwrap().events.len();
    assert!(events > 60, "{events}");
    let half = |first: usize| {
        move || (first..events).step_by(2).for_each(|after| killed_and_resumed(AFTER, &after.to_string()))
    };
    let other = thread::spawn(half(2));
    half(1)();
    other.join().unwrap();
}

#[test]
fn a_run_killed_inside_a_call_that_writes_does_not_make_it_again() {
    EFFECTS.iter().for_each(|line| killed_and_resumed(INSIDE, line));
}

#[test]
fn a_run_may_be_killed_over_and_over() {
    let folder = folder("over-and-over");
    let mut deaths = 0;
    while !lives(&folder, &[(AFTER, "3")]) {
        deaths += 1;
        assert!(deaths < 100, "it gets nowhere: {:?}", RunFile::load(run_in(&folder)).unwrap().run);
    }
    assert!(deaths > 15, "{deaths}");
    check(&folder, "over and over");
}

fn killed_and_resumed(variable: &str, value: &str) {
    let case = format!("{variable}-{value}").replace(' ', "-");
    let folder = folder(&case);
    assert!(!lives(&folder, &[(variable, value)]), "{case}: it was not killed");
    let before = RunFile::load(run_in(&folder)).unwrap();
    let asked: Vec<_> = asked(&folder);
    assert!(finishes(&folder), "{case}: it cannot be resumed");
    let again = asked_by_the_last(&folder, &asked);
    for call in replied(&before) {
        assert!(!again.contains(&call), "{case}: `{call}` was made again although its reply is on record");
    }
    check(&folder, &case);
    fs::remove_dir_all(folder).unwrap();
}

/// What must hold once the run is over, however often it was cut.
fn check(folder: &Path, case: &str) {
    let mut effects = lines(&folder.join("effects"));
    effects.sort();
    assert_eq!(effects, EFFECTS, "{case}");
    let file = RunFile::load(run_in(folder)).unwrap();
    assert_eq!(file.run.result().text, ANSWER, "{case}: {:#?}", file.run.result());
    assert!(file.is_over(), "{case}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(replay(&file, &Wasm::new())).unwrap_or_else(|error| panic!("{case}: {error}"));
}

/// The calls that have a reply on record.
fn replied(file: &RunFile) -> Vec<String> {
    let (mut open, mut replied) = (BTreeMap::new(), Vec::new());
    for event in &file.events {
        let (path, leaf) = event.leaf();
        match leaf {
            Event::ToolCall { call, .. } => {
                let argument = call.arguments.as_object().unwrap().values().next().cloned();
                let call_text = format!("{} {}", call.name, argument.unwrap_or_default());
                open.insert((path, call.id.clone()), call_text);
            }
            Event::ToolReply { id, .. } => replied.extend(open.remove(&(path, id.clone()))),
            _ => {}
        }
    }
    replied
}

fn asked(folder: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("asked-")).collect()
}

fn asked_by_the_last(folder: &Path, earlier: &[std::path::PathBuf]) -> Vec<String> {
    asked(folder).iter().filter(|file| !earlier.contains(file)).flat_map(|file| lines(file)).collect()
}

fn finishes(folder: &Path) -> bool {
    lives(folder, &[])
}

/// Starts or resumes the run in a process of its own, and says whether that lived to the end of the run.
fn lives(folder: &Path, orders: &[(&str, &str)]) -> bool {
    let mut other = Command::new(env::current_exe().unwrap());
    other.args(["--exact", "crashes::the_other_process", "--nocapture"]).env(FOLDER, folder);
    other.envs(orders.iter().copied()).stdout(Stdio::null());
    let status = other.status().unwrap();
    assert_ne!(status.code(), Some(101), "the other process failed, see above");
    status.success()
}

/// Not a test by itself: what the other process does.
#[test]
fn the_other_process() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(work(Path::new(&folder)));
}

async fn work(folder: &Path) {
    let inside = env::var(INSIDE).ok();
    let agent = manager(folder, move |line| {
        if inside.as_deref() == Some(line) {
            die();
        }
    });
    let (mut run, mut recorder) = match fs::exists(folder.join("runs")).unwrap() {
        true => match Recorder::append(run_in(folder)) {
            Ok((file, recorder)) => (file.run, recorder),
            Err(error) => panic!("{error}"),
        },
        false => {
            let run = agent.run("Find and file it.").variable("start", 7).start().unwrap();
            (run, Recorder::create(folder.join("runs"), Header::new(Value::Null)).unwrap())
        }
    };
    let mut left: Option<u32> = env::var(AFTER).ok().map(|after| after.parse().unwrap());
    loop {
        let mut live = Live::default();
        let mut waits = Vec::new();
        let mut events = recorder.tee(agent.drive(&mut run, &mut live));
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => count(&event, &mut left),
                Err(TeeError::Run(Failure::Waiting(calls))) => waits = calls,
                Err(error) => panic!("{error}"),
            }
        }
        drop(events);
        match waits.is_empty() {
            true => return,
            false => waits.iter().for_each(|call| decide(&mut run, call, folder)),
        }
    }
}

/// A person looks whether the call had its effect.
fn decide(run: &mut Run, waiting: &Waiting, folder: &Path) {
    assert!(waiting.may_have_happened && waiting.call.name == "put", "{waiting:?}");
    let line = waiting.call.arguments["line"].as_str().unwrap();
    let happened = lines(&folder.join("effects")).iter().any(|known| known == line);
    run.decide(&waiting.id, if happened { Decision::Answer(json!("done")) } else { Decision::Approve });
}

fn count(event: &Event, left: &mut Option<u32>) {
    if matches!(event.leaf().1, Event::Delta(_) | Event::Progress(_)) {
        return;
    }
    if let Some(left) = left {
        *left -= 1;
        if *left == 0 {
            die();
        }
    }
}

/// As `kill -9` does it: nothing is flushed, closed or told.
fn die() {
    let id = std::process::id().to_string();
    Command::new("kill").args(["-9", &id]).status().unwrap();
    loop {
        thread::park();
    }
}
