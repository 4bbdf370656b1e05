//! The agent of these tests: a manager with a plan, variables and steps that fail, a managed agent that writes code and
//! one that calls tools. Their tools keep a list of what was done to the world, and one of who asked for it.

use futures::TryStreamExt;
use serde_json::{Value, json};
use smolagents::{
    Agent, Effect, Live, Tool, ToolSpec,
    message::Role,
    model::{Reply, Request},
    models::scripted::{FunctionModel, calls, text},
    prelude::{CodeAgent, ToolCallingAgent},
    runs::{Header, Recorder, RunFile, TeeError},
    tools::FunctionTool,
};
use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the manager says, step by step.
const MANAGER: [&str; 5] = [
    "Thought: one.\n<code>\nimport random, datetime\nlucky = random.random()\nkept = echo(lucky)\nput('early')\nnow = datetime.datetime.now()\nprint(start, now)\n</code>",
    "Thought: two.\n<code>\nfound = researcher(task='dig')\nprint(found)\n</code>",
    "Thought: three.\n<code>\nfiled = clerk(task='file')\nhalf = 1\nfiled / 0\n</code>",
    "Thought: four.\n<code>\nassert kept == lucky\nfor name in ['a', 'b']:\n    put('late ' + name)\n</code>",
    "Thought: five.\n<code>\nfinal_answer([start + half, found, filed, kept == lucky, echo(str(now)) == str(now)])\n</code>",
];

const RESEARCHER: [&str; 2] = [
    "Thought: one.\n<code>\nseen = echo('deep')\nput('deep')\nprint(seen)\n</code>",
    "Thought: two.\n<code>\nfinal_answer(seen + ', dug up')\n</code>",
];

/// What the manager answers.
pub(crate) const ANSWER: &str = "[8, 'deep, dug up', 'filed', True, True]";

/// What is in the world afterwards.
pub(crate) const EFFECTS: [&str; 5] = ["clerk", "deep", "early", "late a", "late b"];

/// Where the files of one test are.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The only run in a folder.
pub(crate) fn run_in(folder: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(folder.join("runs")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.next().unwrap();
    assert_eq!(files.next(), None);
    file
}

/// Runs the task to its end in this process, and reads what was recorded.
pub(crate) async fn recorded(name: &str) -> RunFile {
    let folder = folder(name);
    let agent = manager(&folder, |_| {});
    let mut run = agent.run("Find and file it.").variable("start", 7).start().unwrap();
    let mut recorder = Recorder::create(folder.join("runs"), Header::new(Value::Null)).unwrap();
    let mut live = Live::default();
    let events = recorder.tee(agent.drive(&mut run, &mut live));
    let done: Result<Vec<_>, TeeError<_>> = events.try_collect().await;
    done.unwrap();
    let file = RunFile::load(recorder.path()).unwrap();
    assert_eq!(file.run, run);
    file
}

/// The agent. `done` is told of every effect, once it is there.
pub(crate) fn manager(folder: &Path, done: impl Fn(&str) + Send + Sync + 'static) -> Agent {
    let [put, echo] = tools(folder, done);
    let researcher = CodeAgent::builder(speaks(&RESEARCHER))
        .name("researcher")
        .description("Digs.")
        .tools([put.clone(), echo.clone()]);
    let clerk = ToolCallingAgent::builder(FunctionModel::new(clerk))
        .name("clerk")
        .description("Files.")
        .tools([put.clone(), echo.clone()]);
    CodeAgent::builder(speaks(&MANAGER))
        .tools([put, echo])
        .managed_agent(researcher.build().unwrap())
        .managed_agent(clerk.build().unwrap())
        .planning_interval(3)
        .build()
        .unwrap()
}

/// A model that says the next of `lines`, counting those it was shown, and plans when it is asked to.
pub(crate) fn speaks(lines: &'static [&'static str]) -> FunctionModel {
    FunctionModel::new(|request| {
        if request.stop == ["<end_plan>"] {
            return text("1. Look.\n2. Answer.<end_plan>");
        }
        text(lines[turns(&request, "Thought:")])
    })
}

fn turns(request: &Request, sign: &str) -> usize {
    let said = request.messages.iter().filter(|message| message.role == Role::Assistant);
    said.filter(|message| message.text().starts_with(sign)).count()
}

/// Two reads at once and a call that writes, then the answer.
fn clerk(request: Request) -> Reply {
    match request.messages.iter().filter(|message| message.role == Role::Tool).count() {
        0 => calls([
            ("echo", json!({"value": "left"})),
            ("echo", json!({"value": "right"})),
            ("put", json!({"line": "clerk"})),
        ]),
        _ => calls([("final_answer", json!({"answer": "filed"}))]),
    }
}

pub(crate) fn tools(folder: &Path, done: impl Fn(&str) + Send + Sync + 'static) -> [Arc<dyn Tool>; 2] {
    let (effects, asked) = (folder.join("effects"), folder.join(format!("asked-{}", std::process::id())));
    let log = asked.clone();
    let put = FunctionTool::new(spec("put", "line", "string", Effect::Writes), move |arguments: Value| {
        let line = arguments["line"].as_str().unwrap().to_owned();
        add(&log, &format!("put {line:?}"));
        add(&effects, &line);
        done(&line);
        async { Ok(json!("done")) }
    });
    let echo = FunctionTool::new(spec("echo", "value", "", Effect::Reads), move |arguments: Value| {
        add(&asked, &format!("echo {}", arguments["value"]));
        async move { Ok(arguments["value"].clone()) }
    });
    [Arc::new(put), Arc::new(echo)]
}

fn spec(name: &str, argument: &str, kind: &str, effect: Effect) -> ToolSpec {
    let schema = if kind.is_empty() { json!({}) } else { json!({"type": kind}) };
    ToolSpec {
        input: json!({"type": "object", "properties": {argument: schema}, "required": [argument]}),
        effect,
        ..ToolSpec::new(name, "A tool of these tests.")
    }
}

fn add(file: &Path, line: &str) {
    let mut file: File = OpenOptions::new().create(true).append(true).open(file).unwrap();
    file.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The lines of a file; none if it is not there.
pub(crate) fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
