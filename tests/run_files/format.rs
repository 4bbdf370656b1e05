//! The file itself: what it holds, what is made of a damaged one, and who may write to it.

use crate::team::{folder, recorded};
use serde_json::{Value, json};
use smolagents::{
    Event, Run,
    runs::{Header, Recorder, RunFile, RunFileError},
};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_a_header_and_the_events() {
    let file = recorded("content").await;
    let text = fs::read_to_string(&file.path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), file.events.len() + 1);
    assert_eq!((&lines[0]["format"], &lines[0]["version"]), (&json!("smolagents-run"), &json!(1)));
    assert_eq!(lines[0]["id"], json!(file.path.file_stem().unwrap().to_str().unwrap()));
    assert_eq!((&lines[1]["type"], &lines[lines.len() - 1]["type"]), (&json!("begin"), &json!("done")));
    assert!(!lines.iter().any(|line| line["type"] == "delta"));
}

/// A small file: a header and a few events.
fn small(name: &str) -> PathBuf {
    let mut recorder = Recorder::create(folder(name), Header::new(json!({"made by": "a test"}))).unwrap();
    let begin = serde_json::to_value(Run::default()).unwrap();
    let begin: Run = serde_json::from_value(begin).unwrap();
    recorder.record(&Event::Begin(Box::new(begin))).unwrap();
    recorder.record(&Event::Note("eins\nzwei".to_owned())).unwrap();
    recorder.record(&Event::Interrupted).unwrap();
    recorder.path().to_owned()
}

fn copy(bytes: &[u8], path: &Path) -> PathBuf {
    let copy = path.with_extension("copy");
    fs::write(&copy, bytes).unwrap();
    copy
}

#[test]
fn a_last_line_that_was_cut_anywhere_is_no_part_of_the_run() {
    let path = small("torn");
    let (file, bytes) = (RunFile::load(&path).unwrap(), fs::read(&path).unwrap());
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for length in last..bytes.len() {
        let torn = copy(&bytes[..length], &path);
        let loaded = RunFile::load(&torn).unwrap();
        assert_eq!(loaded.events, file.events[..2], "cut at {length}");
        let (appended, mut recorder) = Recorder::append(&torn).unwrap();
        assert_eq!(appended, loaded);
        recorder.record(&Event::Interrupted).unwrap();
        assert_eq!(fs::read(&torn).unwrap(), bytes, "cut at {length}");
    }
}

#[test]
fn what_is_not_a_run_is_refused_and_left_as_it_is() {
    fn check(bytes: &[u8], expect: &str) {
        let path = copy(bytes, &folder("refused-files").join("file"));
        for error in [RunFile::load(&path).err(), Recorder::append(&path).err()] {
            let text = error.expect(expect).to_string();
            assert!(text.contains(expect) && text.contains("\n\nhint: "), "{text}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    let whole = fs::read_to_string(small("refusals")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n")).into_bytes();
    check(b"", "holds no run");
    check(&whole.as_bytes()[..30], "holds no run");
    check(&joined(&lines[..1]), "holds no run");
    check(b"\x89PNG\r\n\x1a\n", "is not the file of a run");
    check(b"hello", "is not the file of a run");
    check(b"{\"format\":\"something-else\",\"version\":1}\n", "is not the file of a run");
    check(&joined(&[&lines[0].replace("\"version\":1", "\"version\":2"), lines[1]]), "version 2");
    check(&joined(&[lines[0], lines[2]]), "does not say how its run began");
    check(&joined(&[lines[0], lines[1], "{\"type\":\"no", lines[3]]), "line 3 of");
    check(&joined(&[lines[0], lines[1], "{\"type\":\"of later\"}", lines[3]]), "line 3 of");
    check(&joined(&[lines[0], lines[1], "", lines[3]]), "line 3 of");
    check(&[&joined(&lines[..2])[..], b"\xff\xfe\n"].concat(), "line 3 of");
    check(&joined(&[&lines[0].replace("\"id\"", "\"name\""), lines[1]]), "line 1 of");
    let missing = RunFile::load("no/such/file").unwrap_err().to_string();
    assert!(missing.contains("could not read `no/such/file`"), "{missing}");
}

#[test]
fn two_cannot_write_to_one_file() {
    let path = small("two-writers");
    let (_, first) = Recorder::append(&path).unwrap();
    assert!(matches!(Recorder::append(&path), Err(RunFileError::Busy { .. })));
    RunFile::load(&path).expect("reading is not writing");
    drop(first);
    Recorder::append(&path).expect("the first is gone");
}

#[test]
fn ids_sort_by_time_and_are_never_given_twice() {
    let place = folder("ids");
    let many = |_| {
        let place = place.clone();
        thread::spawn(move || {
            let create = |_| Recorder::create(&place, Header::new(Value::Null)).unwrap().id().to_owned();
            (0..200).map(create).collect::<Vec<String>>()
        })
    };
    let threads: Vec<_> = (0..4).map(many).collect();
    let mut ids: Vec<String> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), fs::read_dir(&place).unwrap().count()), (800, 800));
    assert!(ids.iter().all(|id| id.len() == 20 && id.starts_with("2")), "{ids:?}");
}

#[test]
fn deltas_are_left_out_unless_asked_for() {
    use smolagents::model::Delta;
    let delta = Event::Delta(Delta::Text("piece".to_owned()));
    let path = small("deltas");
    let events = |deltas: bool| {
        let mut recorder = Recorder::append(&path).unwrap().1.deltas(deltas);
        recorder.record(&delta).unwrap();
        RunFile::load(&path).unwrap().events.len()
    };
    assert_eq!((events(false), events(true)), (3, 4));
}
