//! Recorded runs as people use them: what is kept of a run, and what can be done with it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail this way")]

#[path = "../../tests/peers/aimock.rs"]
mod peer;

use peer::Aimock;
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

/// A folder of runs, and a server that knows the answers.
struct Place {
    runs: PathBuf,
    server: Aimock,
}

impl Place {
    fn new(name: &str) -> Self {
        let look = "Thought: I look at the number.\n<code>\nnumber = 6 * 7  # the task\nprint('number', number)\n</code>";
        let answer = "Thought: That is it.\n<code>\nfinal_answer(number)\n</code>";
        let words = "Thought: In words, then.\n<code>\nfinal_answer(f'{number} is forty-two')\n</code>";
        let said = |asked: &str, text: &str| json!({"match": {"userMessage": asked}, "response": {"content": text}, "chunkSize": 4});
        let refused = json!({"match": {"userMessage": "refused"}, "response": {"error": {"message": "no such key", "type": "auth"}, "status": 401}});
        let slow = said("slow", "<code>\nwhile True: pass\n</code>");
        let later = said("number 41", "<code>\nfinal_answer('late')\n</code>");
        let end = said("stop half-way", "<code>\nprint('refused')\n</code>");
        let fixtures = [
            refused,
            end,
            said("in words", words),
            later,
            said("Observation", answer),
            slow,
            said("six times seven", look),
        ];
        let runs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorded").join(name);
        let _ = fs::remove_dir_all(&runs);
        fs::create_dir_all(runs.parent().unwrap()).unwrap();
        Self { runs, server: Aimock::start(&json!(fixtures)) }
    }

    /// The command with an environment of its own, which records here.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smolagent"));
        let keep = ["PATH", "HOME", "SMOLAGENTS_CACHE", "XDG_CACHE_HOME"];
        command.env_clear().envs(keep.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command
            .env("XDG_CONFIG_HOME", self.runs.with_extension("no-config"))
            .env("SMOLAGENTS_RUNS", &self.runs);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs with the server's address and model.
    fn ask(&self, arguments: &[&str]) -> Output {
        self.run(&[arguments, &["--model", "gpt-4o", "--api-base", &self.server.url]].concat())
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.runs) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// The ids of the runs, oldest first.
    fn ids(&self) -> Vec<String> {
        self.files().iter().map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], code: i32, expect: &str) {
        let output = self.run(arguments);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(expect), "{arguments:?}: {message}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Events of a run's file, without its header.
fn events(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_run_is_shown_and_replayed_as_it_was_printed() {
    let place = Place::new("shown");
    let printed = place.ask(&["run", "What is six times seven?"]);
    assert_eq!(printed.status.code(), Some(0), "{printed:?}");
    let id = &place.ids()[0];
    for name in ["last", id, &id[..17], place.files()[0].to_str().unwrap()] {
        let shown = place.run(&["runs", "show", name]);
        assert_eq!(text(&shown.stdout), text(&printed.stdout), "{name}: {shown:?}");
    }
    let replayed = place.run(&["runs", "replay", "last"]);
    assert_eq!((replayed.status.code(), text(&replayed.stdout)), (Some(0), text(&printed.stdout)));
    let count = events(&place.files()[0]).len();
    let all = format!("replayed: all {count} events are as they were");
    assert!(text(&replayed.stderr).contains(&all), "{replayed:?}");
    let detailed = text(&place.run(&["runs", "show", "last", "--detailed"]).stdout);
    assert!(detailed.starts_with("[System]\n"), "{detailed}");
    insta::assert_snapshot!("runs_show_detailed", without_rules(&detailed));
}

/// What is never the same: the time a step took. And the rules, which have a snapshot of their own.
fn without_rules(shown: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((step, _)) if step.starts_with("[Step ") => format!("{step}: …]\n"),
        _ => format!("{line}\n"),
    };
    let (_, rest) = shown.split_once("[User]\nWhat is six").expect("the task is shown");
    format!("[User]\nWhat is six{rest}").lines().map(line).collect()
}

#[test]
fn a_record_that_was_changed_does_not_replay() {
    let place = Place::new("changed");
    place.ask(&["run", "What is six times seven?"]);
    let file = &place.files()[0];
    let changed = fs::read_to_string(file).unwrap().replace("number 42\\n", "number 43\\n");
    fs::write(file, changed).unwrap();
    let output = place.run(&["runs", "replay", "last"]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("goes another way at line 6") && message.contains("number 43"), "{message}");
    assert!(text(&output.stdout).ends_with("print('number', number)\n"), "{output:?}");
}

#[test]
fn runs_are_listed_newest_first() {
    let place = Place::new("listed");
    place.ask(&["run", "What is six times seven?"]);
    place.ask(&["run", "refused, whatever it is that it is asked, of all that there is"]);
    let listed = place.run(&["runs", "list"]);
    let text_lines: Vec<String> = text(&listed.stdout).lines().map(str::to_owned).collect();
    let ids = place.ids();
    let order: Vec<&str> = text_lines.iter().map(|line| &line[..20]).collect();
    assert_eq!(order, [&ids[1], &ids[0]]);
    // Without ids and times.
    let rest: String = text_lines.iter().map(|line| format!("{}\n", &line[38..])).collect();
    insta::assert_snapshot!("runs_list", rest);
    let listed = text(&place.run(&["runs", "list", "--json"]).stdout);
    let entries: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let short: Vec<Value> = entries
        .iter()
        .map(|entry| json!([entry["id"], entry["state"], entry["steps"], entry["answer"]]))
        .collect();
    assert_eq!(json!(short), json!([[ids[1], "unfinished", 0, ""], [ids[0], "answered", 2, "42"]]));
    fs::write(place.runs.join("broken.jsonl"), "hello\n").unwrap();
    let output = place.run(&["runs", "list"]);
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(1), 2), "{output:?}");
    assert!(text(&output.stderr).contains("is not the file of a run"), "{output:?}");
}

#[test]
fn a_failed_run_is_resumed_in_its_file() {
    let place = Place::new("resumed");
    let failed = place.ask(&["run", "Please stop half-way."]);
    let (id, message) = (place.ids()[0].clone(), text(&failed.stderr));
    assert_eq!(failed.status.code(), Some(1), "{message}");
    assert!(message.contains(&format!("`smolagent runs resume {id}` carries the run on")), "{message}");
    let fixture = json!([{"match": {"userMessage": "refused"}, "response": {"content": "<code>\nfinal_answer('after all')\n</code>"}}]);
    let server = Aimock::start(&fixture);
    let resumed = place.run(&["runs", "resume", &id, "--api-base", &server.url]);
    assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
    assert!(text(&resumed.stdout).ends_with("\nafter all\n"), "{resumed:?}");
    assert_eq!((place.ids().len(), &place.ids()[0]), (1, &id));
    let both = text(&failed.stdout) + &text(&resumed.stdout);
    let shown = text(&place.run(&["runs", "show", &id]).stdout);
    assert_eq!(shown, both);
    assert_eq!(place.run(&["runs", "replay", &id]).status.code(), Some(0));
    place.fails(&["runs", "resume", &id], 2, "is over");
}

#[test]
fn an_interrupted_run_says_how_to_resume_it() {
    let place = Place::new("interrupted");
    let arguments = ["run", "slow", "--model", "gpt-4o", "--api-base", &place.server.url];
    let (code, stderr) = interrupted(place.command(&arguments), "", "while True");
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains(&format!("`smolagent runs resume {}`", place.ids()[0])), "{stderr}");
    assert_eq!(events(&place.files()[0]).last().unwrap()["type"], "interrupted");
}

#[test]
fn an_interrupted_batch_says_which_runs_can_be_resumed() {
    let place = Place::new("interrupted-batch");
    let arguments = ["batch", "-", "--model", "gpt-4o", "--api-base", &place.server.url];
    let tasks = "{\"id\":1,\"task\":\"slow\"}\n{\"id\":2,\"task\":\"six times seven\"}\n";
    let (code, stderr) = interrupted(place.command(&arguments), tasks, "\"output\":42");
    assert_eq!(code, Some(130), "{stderr}");
    let slow = place.files().into_iter().find(|file| events(file).last().unwrap()["type"] != "done").unwrap();
    let id = slow.file_stem().unwrap().to_str().unwrap();
    assert!(stderr.contains(&format!("`smolagent runs resume {id}`")), "{stderr}");
}

/// Sends Ctrl-C once `line` has been printed, and waits for the end.
fn interrupted(mut command: Command, stdin: &str, line: &str) -> (Option<i32>, String) {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while !lines.next().unwrap().unwrap().contains(line) {}
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    lines.for_each(drop);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), text(&output.stderr))
}

#[test]
fn a_fork_has_other_code_or_is_told_something() {
    let place = Place::new("forked");
    place.ask(&["run", "What is six times seven?"]);
    let parent = place.ids()[0].clone();
    let code = place.runs.with_extension("py");
    fs::write(&code, "number = 41\nprint('number', number)\n").unwrap();
    let file = place.files()[0].clone();
    let before = fs::read(&file).unwrap();
    let forked = place.run(&["runs", "fork", &parent, "--at", "1", "--edit-code", code.to_str().unwrap()]);
    assert_eq!(
        (forked.status.code(), text(&forked.stdout).ends_with("\nlate\n")),
        (Some(0), true),
        "{forked:?}"
    );
    let forked = place.run(&["runs", "fork", &parent, "--at", "1", "--message", "Say it in words."]);
    assert!(text(&forked.stdout).ends_with("\n42 is forty-two\n"), "{forked:?}");
    assert!(fs::read(&file).unwrap() == before, "the original is untouched");
    for file in place.files().iter().filter(|other| **other != file) {
        let content = fs::read_to_string(file).unwrap();
        let header: Value = serde_json::from_str(content.lines().next().unwrap()).unwrap();
        assert_eq!(header["parent"], json!({"id": parent, "step": 1}));
        let id = header["id"].as_str().unwrap();
        assert!(text(&forked.stderr).contains(id) || *file != place.files()[2], "{forked:?}");
        assert_eq!(place.run(&["runs", "replay", id]).status.code(), Some(0), "{id}");
    }
    place.fails(&["runs", "fork", &parent, "--at", "3"], 2, "its last task has the steps 1 to 2");
    place.fails(&["runs", "fork", &parent, "--at", "2"], 2, "was over after step 2");
    place.fails(&["runs", "fork", &parent, "--at", "1", "--edit-code", "missing.py"], 1, "`missing.py`");
}

#[test]
fn a_run_that_is_not_there_is_missed() {
    let place = Place::new("missing");
    place.fails(&["runs", "show", "last"], 2, "there is no run `last`");
    place.ask(&["run", "six times seven"]);
    place.ask(&["run", "six times seven"]);
    place.fails(&["runs", "show", "1999"], 2, "there is no run `1999`");
    place.fails(&["runs", "show", "2"], 2, "2 runs are called `2…`");
    let file = place.runs.join("foreign.jsonl");
    fs::write(&file, "{}\n").unwrap();
    place.fails(&["runs", "show", file.to_str().unwrap()], 1, "is not the file of a run");
}

#[test]
fn a_run_is_not_recorded_where_that_is_not_wanted_or_not_possible() {
    let place = Place::new("unrecorded");
    let quiet = ["--verbosity", "0"];
    let output = place.ask(&[["run", "six times seven", "--no-record"].as_slice(), &quiet].concat());
    assert_eq!((text(&output.stdout).as_str(), place.files().len()), ("42\n", 0), "{output:?}");
    fs::write(&place.runs, "a file where the folder should be").unwrap();
    let output = place.ask(&[["run", "six times seven"].as_slice(), &quiet].concat());
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("42\n", Some(0)), "{output:?}");
    assert!(text(&output.stderr).contains("warning: the run is not recorded: "), "{output:?}");
}

#[test]
fn no_key_is_recorded() {
    let place = Place::new("keys");
    let secret = "canary-key-1234";
    let address = place.server.url.replace("http://", &format!("http://user:{secret}@"));
    for (task, base) in
        [("six times seven", &place.server.url), ("refused", &place.server.url), ("slow", &address)]
    {
        let mut command = place.command(&[
            "run",
            task,
            "--model",
            "gpt-4o",
            "--api-base",
            base,
            "--api-key",
            secret,
            "--max-steps",
            "2",
        ]);
        command.env("OPENAI_API_KEY", secret);
        // It need not succeed, but what it leaves must not have the key.
        let mut child = command.spawn().unwrap();
        if task == "slow" {
            while place.files().len() < 3 && child.try_wait().unwrap().is_none() {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            let _ = child.kill();
        }
        child.wait().unwrap();
    }
    assert_eq!(place.files().len(), 3);
    for file in place.files() {
        let content = fs::read_to_string(&file).unwrap();
        assert!(content.contains("gpt-4o") && !content.contains(secret), "{content}");
    }
}

#[test]
fn a_chat_is_one_run_and_each_task_of_a_batch_is_one() {
    let place = Place::new("several");
    let mut chat = place.command(&["chat", "--model", "gpt-4o", "--api-base", &place.server.url]);
    let mut child = chat.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"six times seven\nrefused\nsay it in words\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(text(&output.stdout).ends_with("42 is forty-two\n"), "{output:?}");
    let kinds: Vec<Value> = events(&place.files()[0]).iter().map(|event| event["type"].clone()).collect();
    let count = |kind: &str| kinds.iter().filter(|known| *known == kind).count();
    assert_eq!((place.files().len(), count("begin"), count("task"), count("done")), (1, 1, 2, 2));
    let replayed = place.run(&["runs", "replay", "last"]);
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    let chatted = place.ids()[0].clone();

    let mut batch = place.command(&["batch", "-", "--model", "gpt-4o", "--api-base", &place.server.url]);
    let mut child = batch.stdin(Stdio::piped()).spawn().unwrap();
    let tasks = "{\"task\":\"six times seven\"}\n{\"task\":\" \"}\n{\"task\":\"six times seven\"}\n";
    child.stdin.take().unwrap().write_all(tasks.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut named: Vec<&str> = lines.iter().filter_map(|line| line["run"].as_str()).collect();
    named.sort_unstable();
    let mut ids = place.ids();
    ids.retain(|id| *id != chatted);
    assert_eq!((lines.len(), named), (3, ids.iter().map(String::as_str).collect()), "{output:?}");
}

/// The test that is written is one of this repository's own, so that it is known to compile and to pass.
#[test]
fn a_run_becomes_a_test() {
    let place = Place::new("tested");
    let id = "20261122-170742-b15f";
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests");
    let recorded = ours.join(format!("runs/{id}.jsonl"));
    let package = place.runs.with_extension("package");
    let _ = fs::remove_dir_all(&package);
    fs::create_dir_all(&package).unwrap();
    let test = || {
        place.command(&["runs", "test", recorded.to_str().unwrap()]).current_dir(&package).output().unwrap()
    };
    let written = test();
    let name = format!("tests/run_{}.rs", id.replace('-', "_"));
    assert_eq!(text(&written.stdout), format!("{name}\ntests/runs/{id}.jsonl\n"), "{written:?}");
    let content = |path: PathBuf| fs::read_to_string(path).unwrap();
    let source = ours.join(name.trim_start_matches("tests/"));
    assert_eq!(content(package.join(&name)), content(source));
    assert_eq!(content(package.join(format!("tests/runs/{id}.jsonl"))), content(recorded.clone()));
    assert_eq!(test().status.code(), Some(2), "what is there is not written over");
}

/// The collector's own tests are the facade's; here it is that the command sends at all, and lives without one.
#[test]
fn traces_are_sent_and_a_missing_collector_ends_nothing() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = collector.local_addr().unwrap();
    let url = format!("http://{address}/v1/traces");
    let place = Place::new("traced");
    let collected = thread::spawn(move || {
        let (mut client, _) = collector.accept().unwrap();
        let mut reader = BufReader::new(client.try_clone().unwrap());
        let mut head = String::new();
        while reader.read_line(&mut head).unwrap() > 2 {}
        let length =
            head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap()];
        reader.read_exact(&mut body).unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        (head, String::from_utf8_lossy(&body).into_owned())
    });
    let output = place.ask(&["run", "six times seven", "--otel", &url]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (head, body) = collected.join().unwrap();
    assert!(head.starts_with("POST /v1/traces"), "{head}");
    assert!(body.contains("CodeAgent.run") && body.contains("Step 2"), "{body}");
    // The collector is gone by now.
    let output = place.ask(&["run", "six times seven", "--otel", &url]);
    let (code, told) = (output.status.code(), text(&output.stderr));
    assert!(code == Some(0) && told.contains("warning: the traces are not sent: "), "{output:?}");
}
