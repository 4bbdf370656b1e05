//! The command as people use it: what it prints, and what it exits with.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail this way")]

#[path = "../../tests/peers/aimock.rs"]
mod peer;

use peer::Aimock;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// The command with an environment of its own: no keys, no configuration, a cache that the tests share.
fn smolagent(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smolagent"));
    let keep = ["PATH", "HOME", "SMOLAGENTS_CACHE", "XDG_CACHE_HOME"];
    command.env_clear().envs(keep.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.env("XDG_CONFIG_HOME", temporary("no-config")).env("SMOLAGENTS_RUNS", temporary("cli-runs"));
    command.args(arguments);
    command
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(mut command: Command, stdin: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let bytes = stdin.to_vec();
    // Whoever exits before reading all of it breaks the pipe, which is no concern of this.
    std::thread::spawn(move || drop(pipe.write_all(&bytes)));
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn fails(arguments: &[&str], stdin: &[u8], code: i32, expect: &str) {
    let output = run(smolagent(arguments), stdin);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    assert!(message.contains(expect), "{arguments:?}: {message}");
    assert!(!message.contains("panicked"), "{message}");
}

#[test]
fn what_is_wrong_is_said_with_what_would_be_right() {
    fails(&["exac"], b"", 2, "a similar subcommand exists: 'exec'");
    fails(&["run", "x", "--agent", "codee"], b"", 2, "did you mean `code`?");
    fails(&["run", "x", "--max-steps", "0"], b"", 2, "invalid value '0'");
    fails(&["run", "x", "--verbosity", "9"], b"", 2, "invalid value '9'");
    fails(&["run", "x", "--executor", "wasn"], b"", 2, "did you mean `wasm`?");
    fails(&["exec", "-", "--executor", "dokcer"], b"1", 1, "did you mean `docker`?");
    fails(&["run", "x", "--tools", "web_serch"], b"", 2, "did you mean `web_search`?");
    fails(&["run", "x", "--model", "opnai/gpt-4o"], b"", 2, "`openai`");
    fails(&["run", "x", "--model", "openai/gpt-4o"], b"", 2, "`OPENAI_API_KEY`");
    fails(&["run", "x", "--model", "local/missing.gguf"], b"", 2, "`missing.gguf`");
    fails(
        &["run", "x", "--model", "m", "--api-base", "http://127.0.0.1:9/v1"],
        b"",
        1,
        "could not reach the model server at `http://127.0.0.1:9/v1",
    );
    fails(&["run", "", "--model", "m", "--api-base", "http://127.0.0.1:9"], b"", 2, "the task is empty");
    fails(
        &["run", "--model", "m", "--api-base", "http://127.0.0.1:9"],
        b"\xff\xfe",
        2,
        "not UTF-8: byte 0 is invalid",
    );
    fails(&["exec", "missing.py"], b"", 1, "could not read `missing.py`");
    fails(&["exec", "--timeout=-1"], b"", 2, "invalid value");
    fails(
        &["batch", "missing.jsonl", "--model", "m", "--api-base", "http://127.0.0.1:9"],
        b"",
        1,
        "could not open `missing.jsonl`",
    );
}

#[test]
fn exec_prints_what_python_prints() {
    let rows: [(&str, i32, &str, &str); 6] = [
        ("print('a')\n1 + 1", 0, "a\n2\n", ""),
        ("final_answer({'b': (1, 2)})", 0, "{'b': (1, 2)}\n", ""),
        ("print('a')\n1 / 0", 1, "a\n", "ZeroDivisionError: division by zero"),
        ("if", 1, "", "SyntaxError"),
        ("import json\njson.dumps([1])", 0, "'[1]'\n", ""),
        ("", 0, "", ""),
    ];
    for (code, exit, stdout, stderr) in rows {
        let output = run(smolagent(&["exec"]), code.as_bytes());
        assert_eq!(
            (output.status.code(), text(&output.stdout).as_str()),
            (Some(exit), stdout),
            "{code:?}: {output:?}"
        );
        assert!(text(&output.stderr).contains(stderr), "{code:?}: {output:?}");
    }
    let output = run(smolagent(&["exec", "--imports", "math"]), b"import json");
    assert!(text(&output.stderr).contains("json"), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn exec_goes_on_after_a_case_that_kills_its_sandbox() {
    let cases = [
        json!({"id": 1, "code": "print('a'); x = 1; x + 1"}),
        json!({"id": "two", "code": "while True: pass", "timeout": 0.5}),
        json!({"id": 3, "code": "x"}),
        json!({"id": 4, "code": "final_answer([1, None])"}),
        json!({"id": 5, "code": "import os; os.abort()"}),
        json!({"code": "'last'"}),
    ];
    let mut input: String = cases.iter().map(|case| format!("{case}\n")).collect();
    input.insert_str(0, "not json\n\n");
    let output = run(smolagent(&["exec", "--jsonl"]), input.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let short: Vec<Value> = lines
        .iter()
        .map(|line| json!([line["id"], line["ok"], line["stdout"], line["value"], line["final"]]))
        .collect();
    let expect = json!([
        [null, false, "", null, null],
        [1, true, "a\n", 2, null],
        ["two", false, "", null, null],
        [3, false, "", null, null],
        [4, true, "", null, [1, null]],
        [5, false, "", null, null],
        [null, true, "", "last", null],
    ]);
    assert_eq!(json!(short), expect, "{lines:#?}");
    assert!(lines[2]["error"].as_str().unwrap().contains("limit 0.5 s"), "{}", lines[2]);
    assert!(lines[3]["error"].as_str().unwrap().contains("NameError"), "{}", lines[3]);
    assert!(lines.iter().all(|line| line["ms"].is_number()));
}

fn server() -> Aimock {
    let look = "Thought: I look at the number.\n<code>\nnumber = 6 * 7  # the task\nprint('number', number)\n</code>";
    let answer = "Thought: That is it.\n<code>\nfinal_answer(number)\n</code>";
    let said = |asked: &str, text: &str| json!({"match": {"userMessage": asked}, "response": {"content": text}, "chunkSize": 4});
    let wrong = json!({"match": {"userMessage": "refuse"}, "response": {"error": {"message": "no such key", "type": "auth"}, "status": 401}});
    let slow = json!({"match": {"userMessage": "slow"}, "response": {"content": "<code>\nwhile True: pass\n</code>"}});
    Aimock::start(&json!([said("Observation", answer), wrong, slow, said("six times seven", look)]))
}

fn with_server<'a>(arguments: &[&'a str], server: &'a Aimock) -> Vec<&'a str> {
    [arguments, &["--model", "gpt-4o", "--api-base", &server.url]].concat()
}

/// The last line of each step tells its time, which is never the same.
fn without_times(shown: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((step, _)) if step.starts_with("[Step ") => format!("{step}: …]\n"),
        _ => format!("{line}\n"),
    };
    shown.lines().map(line).collect()
}

#[test]
fn a_run_in_text() {
    let server = server();
    let output = run(smolagent(&with_server(&["run", "What is six times seven?"], &server)), b"");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    insta::assert_snapshot!("run_text", without_times(&text(&output.stdout)));
    let quiet =
        run(smolagent(&with_server(&["run", "-", "--verbosity", "0"], &server)), b"What is six times seven?");
    assert_eq!(text(&quiet.stdout), "42\n");
}

#[test]
fn a_run_in_json_and_in_events() {
    let server = server();
    let output = run(smolagent(&with_server(&["run", "six times seven", "--output", "json"], &server)), b"");
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["output"], &result["state"], &result["total_steps"]),
        (&json!(42), &json!("answered"), &json!(2))
    );
    let output =
        run(smolagent(&with_server(&["run", "six times seven", "--output", "events"], &server)), b"");
    let events: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.last().unwrap()["data"]["text"], "42");
    let acts = events.iter().filter(|event| event["type"] == "step" && event["data"]["type"] == "action");
    assert!(acts.count() == 2, "{events:?}");
}

#[test]
fn a_megabyte_of_task_is_a_task() {
    let server = server();
    let task = format!("{} six times seven", "long ".repeat(200_000));
    let output = run(smolagent(&with_server(&["run", "--verbosity", "0"], &server)), task.as_bytes());
    assert_eq!(text(&output.stdout), "42\n", "{}", text(&output.stderr));
}

#[test]
fn a_refusing_server_is_named_with_its_status() {
    let server = server();
    fails(&with_server(&["run", "refuse this", "--api-key", "canary-key-1234"], &server), b"", 1, "401");
    let output =
        run(smolagent(&with_server(&["run", "refuse this", "--api-key", "canary-key-1234"], &server)), b"");
    assert!(!text(&output.stderr).contains("canary-key-1234"));
}

#[test]
fn a_batch_gives_a_line_for_each_task() {
    let server = server();
    let tasks = "{\"id\": 1, \"task\": \"six times seven\"}\n{\"id\": \"b\", \"task\": \"six times seven, again\"}\nbroken\n{\"id\": 4, \"task\": \" \"}\n";
    let output =
        run(smolagent(&with_server(&["batch", "-", "--concurrency", "2"], &server)), tasks.as_bytes());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let mut lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.sort_by_key(|line| line["id"].to_string());
    let short: Vec<Value> = lines
        .iter()
        .map(|line| json!([line["id"], line["output"], line["success"], line["total_steps"]]))
        .collect();
    assert_eq!(
        json!(short),
        json!([["b", 42, true, 2], [1, 42, true, 2], [4, null, false, 0], [null, null, false, 0]]),
        "{lines:#?}"
    );
    assert!(lines[3]["errors"][0].as_str().unwrap().contains("line 3"), "{lines:#?}");
    assert!(lines[2]["errors"][0].as_str().unwrap().contains("the task is empty"), "{lines:#?}");
    assert!(text(&output.stderr).contains("4 finished, 2 of them failed"), "{output:?}");
}

#[test]
fn a_chat_remembers_variables() {
    let said =
        |asked: &str, text: &str| json!({"match": {"userMessage": asked}, "response": {"content": text}});
    let server = Aimock::start(&json!([
        said("keep", "<code>\nkept = 5\nfinal_answer('kept it')\n</code>"),
        said("double", "<code>\nfinal_answer(kept * 2)\n</code>"),
    ]));
    let output = run(
        smolagent(&with_server(&["chat", "--verbosity", "0"], &server)),
        b"keep five\n\ndouble it\nexit\n",
    );
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(0), "kept it\n10\n".to_owned()),
        "{output:?}"
    );
}

/// Sends Ctrl-C once `line` has been printed, and waits for the end.
fn interrupted(arguments: &[&str], stdin: &str, line: &str) -> (Option<i32>, String, String) {
    let mut command = smolagent(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = String::new();
    while !seen.contains(line) {
        seen += &(lines.next().unwrap().unwrap() + "\n");
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    seen.extend(lines.map(|line| line.unwrap() + "\n"));
    let output = child.wait_with_output().unwrap();
    (output.status.code(), seen, text(&output.stderr))
}

#[test]
fn ctrl_c_stops_a_run_in_the_middle_of_its_code() {
    let server = server();
    let (code, _, stderr) = interrupted(&with_server(&["run", "slow"], &server), "", "while True");
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("interrupted after 0 finished steps"), "{stderr}");
}

#[test]
fn ctrl_c_stops_exec() {
    let cases = "{\"code\": \"1\"}\n{\"code\": \"while True: pass\"}\n";
    let (code, stdout, stderr) = interrupted(&["exec", "--jsonl"], cases, "\"ok\":true");
    assert_eq!((code, stdout.lines().count()), (Some(130), 1), "{stdout}{stderr}");
}

#[test]
fn executors_are_listed_with_what_is_here() {
    let output = run(smolagent(&["executors"]), b"");
    let listed = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for kind in smolagents::executors::ExecutorKind::all() {
        let line = listed.lines().find(|line| line.split_whitespace().next() == Some(kind.name()));
        let line = line.unwrap_or_else(|| panic!("{kind} is not listed:\n{listed}"));
        assert!(line.ends_with("here") || line.ends_with("missing"), "{line}");
    }
    assert!(listed.starts_with("wasm       here\n"), "{listed}");
}

#[test]
fn executors_are_measured() {
    let listed = text(&run(smolagent(&["executors", "--measure"]), b"").stdout);
    let wasm = listed.split("\nprocess ").next().unwrap();
    assert!(wasm.contains(" ms to a first result"), "{listed}");
}

#[test]
fn help() {
    for (name, arguments) in [
        ("help", ["--help"].as_slice()),
        ("help_run", &["run", "--help"]),
        ("help_exec", &["exec", "--help"]),
        ("help_runs", &["runs", "--help"]),
        ("help_runs_fork", &["runs", "fork", "--help"]),
    ] {
        insta::assert_snapshot!(name, text(&run(smolagent(arguments), b"").stdout));
    }
}
