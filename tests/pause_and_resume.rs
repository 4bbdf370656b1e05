//! The example of the same name, in two processes.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

#[test]
fn a_run_stopped_inside_a_block_is_finished_by_another_process() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("paused-run.json");
    let begun = example("begin", &file);
    assert_eq!(begun, "paused at exchange_rate({\"from\":\"USD\",\"to\":\"EUR\"})\n");
    let saved = std::fs::read_to_string(&file).unwrap();
    assert!(saved.contains("dollars = 250"), "{saved}");
    assert_eq!(example("finish", &file), "230.00 EUR\n");
    // Finishing does not change what was saved: it can be done again.
    assert_eq!(example("finish", &file), "230.00 EUR\n");
}

fn example(action: &str, file: &PathBuf) -> String {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("examples/pause_and_resume");
    let Output { status, stdout, stderr } = Command::new(binary).arg(action).arg(file).output().unwrap();
    assert!(status.success(), "{action}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}
