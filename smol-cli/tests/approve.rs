//! Questions about tool calls as people meet them: at a terminal, and where there is none.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail this way")]
#![cfg(unix)]

#[path = "../../tests/peers/aimock.rs"]
mod peer;

use peer::Aimock;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::json;
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{Read, Write},
    os::unix::ffi::OsStrExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

fn server() -> Aimock {
    let said =
        |asked: &str, text: &str| json!({"match": {"userMessage": asked}, "response": {"content": text}});
    let code = "<code>\ntry:\n    shown = python_interpreter(code='6 * 7')\nexcept Exception as error:\n    shown = str(error)\nfinal_answer(shown.splitlines()[-1])\n</code>";
    Aimock::start(&json!([
        said("six times seven", code),
        said("variable", "<code>\nfinal_answer([limit, who])\n</code>")
    ]))
}

/// The command, with rules in its configuration.
fn smolagent(arguments: &[&str], server: &Aimock, name: &str, rules: &str) -> Command {
    let config = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(config.join("smolagents")).unwrap();
    fs::write(config.join("smolagents/config.toml"), rules).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_smolagent"));
    let keep = ["PATH", "HOME", "SMOLAGENTS_CACHE", "XDG_CACHE_HOME"];
    command.env_clear().envs(keep.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.env("XDG_CONFIG_HOME", config).args(arguments);
    command.args(["--model", "gpt-4o", "--api-base", &server.url, "--verbosity", "0"]);
    command.args(["--tools", "python_interpreter"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A terminal for the command's input: what is typed at one end stands on the other.
fn at_terminal(mut command: Command) -> (Child, File) {
    let here = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&here).unwrap();
    unlockpt(&here).unwrap();
    let name = ptsname(&here, Vec::new()).unwrap();
    let there = File::options().read(true).write(true).open(OsStr::from_bytes(name.as_bytes())).unwrap();
    (command.stdin(there).spawn().unwrap(), File::from(here))
}

/// Reads from the command's standard error until `wanted` stands there.
fn until(child: &mut Child, wanted: &str) -> String {
    let stderr = child.stderr.as_mut().expect("it is piped");
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(wanted) {
        let mut byte = [0];
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&seen));
        seen.extend(byte);
    }
    String::from_utf8(seen).unwrap()
}

fn end(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const TASK: &str = "What is six times seven?";

#[test]
fn a_person_at_the_terminal_is_asked() {
    let server = server();
    let check = |typed: &[(&str, &str)], answer: &str| {
        let (mut child, mut keyboard) =
            at_terminal(smolagent(&["run", TASK, "--approve", "ask", "--name", "boss"], &server, "asks", ""));
        for (prompt, line) in typed {
            until(&mut child, prompt);
            keyboard.write_all(line.as_bytes()).unwrap();
        }
        let (code, stdout, stderr) = end(child);
        assert_eq!((code, stdout.as_str()), (Some(0), answer), "{typed:?}: {stderr}");
    };
    check(&[("may `boss` call `python_interpreter`, computes?", "y\n")], "Output: 42\n");
    check(&[("▸ ", "n\n"), ("read: ", "by heart\n")], "the call was refused: a person said no: by heart\n");
    check(&[("▸ ", "e\n"), ("JSON: ", "{\"code\": \"8 * 8\"}\n")], "Output: 64\n");
}

#[test]
fn ctrl_c_at_the_question_stops_the_run() {
    let server = server();
    let (mut child, _keyboard) =
        at_terminal(smolagent(&["run", TASK, "--approve", "ask"], &server, "stops", ""));
    until(&mut child, "▸ ");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (code, _, stderr) = end(child);
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("interrupted after 0 finished steps"), "{stderr}");
}

#[test]
fn chat_and_questions_share_one_reader() {
    let server = server();
    let (mut child, mut keyboard) =
        at_terminal(smolagent(&["chat", "--approve", "ask"], &server, "chats", ""));
    // All at once: a second reader would miss what the first took in.
    keyboard.write_all(format!("{TASK}\na\n{TASK}\nexit\n").as_bytes()).unwrap();
    until(&mut child, "▸ ");
    let (code, stdout, stderr) = end(child);
    assert_eq!((code, stdout.as_str()), (Some(0), "Output: 42\nOutput: 42\n"), "{stderr}");
    assert!(!stderr.contains("▸ "), "always is always: {stderr}");
}

#[test]
fn where_nobody_is_rules_decide_or_the_run_waits() {
    let server = server();
    let check = |name: &str, arguments: &[&str], rules: &str, expect: (i32, &str, &str)| {
        let mut command = smolagent(&[&["run", TASK], arguments].concat(), &server, name, rules);
        let (code, stdout, stderr) = end(command.stdin(Stdio::null()).spawn().unwrap());
        assert_eq!((code, stdout.as_str()), (Some(expect.0), expect.1), "{name}: {stderr}");
        assert!(stderr.contains(expect.2), "{name}: {stderr}");
    };
    let allow =
        "[[policy]]\nverdict = \"allow\"\ntool = \"python_*\"\narguments = { code = { equals = \"6 * 7\" } }";
    let deny = "[[policy]]\nverdict = \"deny\"\neffect = \"pure\"\nbecause = \"count yourself\"";
    let waits = "a tool call waits for a decision: `python_interpreter` (call_1)\n\nhint: ";
    check("all", &[], "", (0, "Output: 42\n", ""));
    check("writes", &["--approve", "writes"], "", (0, "Output: 42\n", ""));
    check("ask", &["--approve", "ask"], "", (1, "", waits));
    check("allow", &["--approve", "ask"], allow, (0, "Output: 42\n", ""));
    check(
        "deny",
        &[],
        deny,
        (0, "hint: reach the goal in another way, or say in your answer what was not allowed\n", ""),
    );
    check("wrong", &[], "[[policy]]\nverdict = \"forbid\"", (2, "", "unknown variant `forbid`"));
}

#[test]
fn a_task_comes_with_values_and_files() {
    let server = server();
    let check = |arguments: &[&str], expect: (i32, &str, &str)| {
        let mut command = smolagent(&[&["run", "each variable"], arguments].concat(), &server, "with", "");
        let (code, stdout, stderr) = end(command.stdin(Stdio::null()).spawn().unwrap());
        assert_eq!((code, stdout.as_str()), (Some(expect.0), expect.1), "{arguments:?}: {stderr}");
        assert!(stderr.contains(expect.2), "{arguments:?}: {stderr}");
    };
    check(&["--arg", "limit=3", "--arg", "who=\"Ada\""], (0, "[3, 'Ada']\n", ""));
    check(&["--arg", "who=Ada"], (2, "", "hint: text stands in quotes, `who=\"…\"`"));
    check(&["--arg", "who"], (2, "", "a name, `=` and a value are wanted"));
    check(&["--arg", "2b=1"], (2, "", "`2b` cannot name a variable"));
    check(&["--image", "missing.png"], (2, "", "could not read `missing.png`"));
    check(&["--max-cost", "0"], (2, "", "must be above 0"));
    check(&["--max-tool-calls", "none"], (2, "", "invalid value 'none'"));
}

#[test]
fn a_budget_ends_a_run() {
    let server = server();
    let mut command =
        smolagent(&["run", TASK, "--max-tokens", "1", "--output", "json"], &server, "budget", "");
    let (code, stdout, stderr) = end(command.stdin(Stdio::null()).spawn().unwrap());
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains("\"state\": \"budget\""), "{stdout}{stderr}");
}
