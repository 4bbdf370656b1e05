//! The programs of `hostile/` on executors: see its README for what is asked of each.
//!
//! A part of them is run unless [`ALL`] is set, as `cargo xtask it hostile` does.

use crate::{
    common::{self, open, tool},
    leftovers,
};
use futures::stream::{self, StreamExt};
use serde_json::json;
use smol_core::exec::{Executor, Input, Outcome, Sandbox, SandboxSpec};
use std::{
    fs,
    net::TcpListener,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// Set where all programs are to be run, and not every fourth.
const ALL: &str = "SMOLAGENTS_TEST_HOSTILE";

/// What must not be found in anything that comes out of a sandbox.
const SECRET: &str = "canary-that-sings-7731";

/// The variable of this process that holds the secret.
const SECRET_NAME: &str = "SMOLAGENTS_CANARY";

/// How many tool calls a program gets a reply to.
const CALLS: usize = 50;

/// How long the host may take over one program, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

struct Case {
    name: String,
    code: String,
    demand: Demand,
}

/// What is asked of a program besides that it does no harm.
#[derive(Clone, Copy)]
enum Demand {
    Nothing,
    NoAnswer,
    Runs,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the programs are there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Case> {
    let theme = file.file_stem().expect("a name").to_string_lossy();
    let text = fs::read_to_string(file).expect("a text");
    let parts = text.split("# == ").skip(1);
    parts
        .map(|part| {
            let (title, code) = part.split_once('\n').expect("a title");
            let (name, demand) = match title.split_once(": ") {
                None => (title, Demand::Nothing),
                Some((name, "no answer")) => (name, Demand::NoAnswer),
                Some((name, "runs")) => (name, Demand::Runs),
                Some(_) => panic!("`{title}` asks for something unknown"),
            };
            Case { name: format!("{theme}/{name}"), code: code.to_owned(), demand }
        })
        .collect()
}

/// What the host keeps for itself.
struct Host {
    folder: TempDir,
    port: u16,
    visitors: Arc<AtomicUsize>,
    _socket: UnixListener,
}

impl Host {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Readable by all: it is the wall that is tried, not the rights of files.
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        fs::write(folder.path().join("secret"), SECRET).expect("a file");
        let socket = UnixListener::bind(folder.path().join("socket")).expect("a socket");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let visitors = Arc::new(AtomicUsize::new(0));
        let counted = visitors.clone();
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { folder, port, visitors, _socket: socket }
    }

    /// What a program is told before it runs.
    fn told(&self) -> String {
        format!(
            "secret_file, secret_socket = {:?}, {:?}\nsecret_name, port, host = {SECRET_NAME:?}, {}, {}",
            self.folder.path().join("secret"),
            self.folder.path().join("socket"),
            self.port,
            std::process::id()
        )
    }
}

/// Fails unless `executor` stands every program, or a part of them if not all are asked for.
async fn stands(executor: &dyn Executor) {
    let _turn = leftovers::alone().await;
    let host = Host::new();
    let step = if std::env::var_os(ALL).is_some() { 1 } else { 4 };
    let cases: Vec<Case> = cases().into_iter().step_by(step).collect();
    let count = cases.len();
    let runs = cases.into_iter().map(|case| stand(executor, &host, case));
    let failures: Vec<String> =
        stream::iter(runs).buffer_unordered(4).filter_map(std::future::ready).collect().await;
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(host.visitors.load(Ordering::SeqCst), 0, "somebody connected");
    leftovers::none_remain().await;
}

/// What went wrong with a program.
async fn stand(executor: &dyn Executor, host: &Host, case: Case) -> Option<String> {
    let verdict = tokio::time::timeout(PATIENCE, judge(executor, host, &case)).await;
    let problem = verdict.unwrap_or_else(|_| Err("the host did not answer".to_owned())).err()?;
    Some(format!("{}: {}", case.name, problem.chars().take(1000).collect::<String>()))
}

async fn judge(executor: &dyn Executor, host: &Host, case: &Case) -> Result<(), String> {
    let mut sandbox = fresh(executor).await;
    common::feed(&mut *sandbox, &host.told()).await;
    let mut seen = Vec::new();
    let outcome = run(&mut *sandbox, &case.code, &mut seen).await?;
    demand(case.demand, &outcome)?;
    let (ended, lost) = (!matches!(outcome, Outcome::Call(_)), matches!(outcome, Outcome::Lost { .. }));
    seen.push(outcome);
    if ended && !lost {
        // What the program left behind may spoil its own session, and nothing else.
        seen.push(run(&mut *sandbox, "6 * 7", &mut Vec::new()).await?);
    }
    drop(sandbox);
    let shown = serde_json::to_string(&seen).map_err(|error| error.to_string())?;
    if shown.contains(SECRET) {
        return Err(format!("the secret came out: {shown}"));
    }
    let next = run(&mut *fresh(executor).await, "6 * 7", &mut Vec::new()).await?;
    let is_right = matches!(&next, Outcome::Value { text, .. } if text == "42");
    if is_right { Ok(()) } else { Err(format!("then the next one: {next:?}")) }
}

async fn fresh(executor: &dyn Executor) -> Box<dyn Sandbox> {
    let tools = vec![tool("ask", json!({"properties": {"value": {}}}))];
    let spec = SandboxSpec {
        tools,
        time_per_block: Some(Duration::from_secs(1)),
        memory: Some(256 << 20),
        ..SandboxSpec::default()
    };
    open(executor, spec).await
}

/// Feeds a block and answers its first calls; what it asked for is seen.
async fn run(sandbox: &mut dyn Sandbox, code: &str, seen: &mut Vec<Outcome>) -> Result<Outcome, String> {
    let failed = |error: smol_core::exec::ExecError| error.to_string();
    let mut outcome = sandbox.feed(Input::Code(code.to_owned())).await.map_err(failed)?;
    for _ in 0..CALLS {
        let Outcome::Call(call) = &outcome else { break };
        let value = call.arguments.get("value").cloned().unwrap_or_default();
        let reply = Input::ToolReply { id: call.id.clone(), reply: Ok(value) };
        seen.push(outcome);
        outcome = sandbox.feed(reply).await.map_err(failed)?;
    }
    Ok(outcome)
}

fn demand(demand: Demand, outcome: &Outcome) -> Result<(), String> {
    let is_met = match demand {
        Demand::Nothing => true,
        Demand::NoAnswer => !matches!(outcome, Outcome::FinalAnswer { .. }),
        Demand::Runs => matches!(outcome, Outcome::Value { .. } | Outcome::FinalAnswer { .. }),
    };
    if is_met { Ok(()) } else { Err(format!("it ended otherwise: {outcome:?}")) }
}

/// Puts the secret into this process's environment.
fn keep_a_secret() {
    static SET: std::sync::Once = std::sync::Once::new();
    // SAFETY: set once, before any sandbox starts, and read by nothing else in these tests.
    #[expect(unsafe_code, reason = "the environment is what programs are after")]
    SET.call_once(|| unsafe { std::env::set_var(SECRET_NAME, SECRET) });
}

#[test]
fn there_are_hundreds_of_programs_each_with_a_name() {
    let cases = cases();
    let names: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert!(cases.len() >= 300 && names.len() == cases.len(), "{} of {}", names.len(), cases.len());
}

#[cfg(feature = "wasm")]
#[tokio::test]
async fn wasm_stands_them() {
    keep_a_secret();
    common::use_test_cache();
    stands(&smol_exec::Wasm::new()).await;
}

#[cfg(feature = "process")]
#[tokio::test]
async fn bubblewrap_stands_them() {
    keep_a_secret();
    stands(&crate::process::confined(smol_exec::Confinement::Bubblewrap)).await;
}

#[cfg(feature = "process")]
#[tokio::test]
async fn landlock_stands_them() {
    keep_a_secret();
    stands(&crate::process::confined(smol_exec::Confinement::Landlock)).await;
}
