//! Each example is run, and what it prints is what it printed when somebody last looked at it.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use std::process::{Command, Output};

/// `pause_and_resume` has a test of its own.
const EXAMPLES: [&str; 16] = [
    "adding_tools",
    "code_patterns",
    "collaboration",
    "custom_model",
    "defining_tools",
    "edit_the_plan",
    "errors_and_retry",
    "first_agent",
    "managed_agents",
    "memory",
    "parameters",
    "payments",
    "run_forms",
    "session",
    "streaming",
    "structured_output",
];

/// Those that need more than the default features.
#[cfg(feature = "sql")]
const MORE: [&str; 1] = ["stateful_tools"];
#[cfg(not(feature = "sql"))]
const MORE: [&str; 0] = [];

#[test]
fn every_example_prints_what_it_should() {
    for name in EXAMPLES.into_iter().chain(MORE) {
        insta::assert_snapshot!(name, printed(name));
    }
}

#[cfg(all(feature = "share", feature = "wasm"))]
#[test]
fn the_example_of_sharing_prints_what_it_should() {
    insta::assert_snapshot!("hub", printed("hub"));
}

fn printed(example: &str) -> String {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("examples").join(example);
    let Output { status, stdout, stderr } = Command::new(binary).output().unwrap();
    assert!(status.success(), "{example}: {}", String::from_utf8_lossy(&stderr));
    // The libraries print nothing: all there is to see, the example said.
    assert_eq!(String::from_utf8_lossy(&stderr), "", "{example}");
    String::from_utf8(stdout).unwrap()
}
