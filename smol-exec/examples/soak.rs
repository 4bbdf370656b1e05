//! Ten thousand blocks over 64 sessions at once, of which some are killed, run too long, flood or are dropped in the middle:
//! no block gets another's value, memory stays flat, and nothing is left. `cargo xtask it soak` runs it. The number of blocks
//! may be given.

#![expect(clippy::print_stdout, clippy::panic, reason = "a check tells what it found")]

use futures::future::join_all;
use serde_json::json;
use smol_core::{
    exec::{Executor, Input, Outcome, Sandbox, SandboxSpec},
    tool::ToolSpec,
};
use smol_exec::Process;
use std::{fs, time::Duration};

const SESSIONS: usize = 64;
const BLOCKS: usize = 10_000;

/// How much this process may grow once all sessions are there, in megabytes.
const GROWTH: f64 = 64.0;

#[tokio::main]
async fn main() {
    let blocks = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(BLOCKS);
    let executor = Process::new().python("/usr/bin/python3").time_per_block(Duration::from_secs(5));
    // What all sessions need is there afterwards.
    round(&executor, blocks / 10, 1).await;
    let before = resident();
    let counts = round(&executor, blocks - blocks / 10, 2).await;
    let after = resident();
    drop(executor);
    let left = left();
    println!("{blocks} blocks over {SESSIONS} sessions; of the last nine tenths {counts:?}");
    println!("memory {before:.1} MB, at the end {after:.1} MB; left behind: {left:?}");
    assert!(after < before + GROWTH && left.is_empty(), "memory grew, or something is left");
}

/// What became of blocks.
#[derive(Debug, Default)]
struct Counts {
    values: usize,
    calls: usize,
    floods: usize,
    timeouts: usize,
    kills: usize,
    drops: usize,
}

async fn round(executor: &Process, blocks: usize, seed: u64) -> Counts {
    let sessions = (0..SESSIONS).map(|number| {
        let chance = Chance(seed << 32 | number as u64 | 1 << 20);
        session(executor, blocks / SESSIONS, chance)
    });
    join_all(sessions).await.into_iter().fold(Counts::default(), |sum, more| Counts {
        values: sum.values + more.values,
        calls: sum.calls + more.calls,
        floods: sum.floods + more.floods,
        timeouts: sum.timeouts + more.timeouts,
        kills: sum.kills + more.kills,
        drops: sum.drops + more.drops,
    })
}

async fn session(executor: &Process, blocks: usize, mut chance: Chance) -> Counts {
    let (mut counts, mut counter) = (Counts::default(), 0_u64);
    let mut sandbox = open(executor).await;
    for _ in 0..blocks {
        let goes_on = match chance.below(1000) {
            0..5 => {
                counts.timeouts += 1;
                let endless = ["import time\ntime.sleep(1000)", "while True: pass"];
                let outcome =
                    ended(&mut *sandbox, endless.get(chance.below(2) as usize).unwrap_or(&"")).await;
                match outcome {
                    Outcome::Raised { kind, .. } if kind == "TimeoutError" => true,
                    Outcome::Lost { .. } => false,
                    other => panic!("a block that runs too long: {other:?}"),
                }
            }
            5..25 => {
                counts.kills += 1;
                let outcome = ended(&mut *sandbox, "import os\nos._exit(9)").await;
                assert!(matches!(outcome, Outcome::Lost { .. }), "{outcome:?}");
                false
            }
            25..35 => {
                counts.drops += 1;
                let feed = sandbox.feed(Input::Code("while True: pass".to_owned()));
                let _ = tokio::time::timeout(Duration::from_millis(chance.below(30)), feed).await;
                false
            }
            35..85 => {
                counts.floods += 1;
                let outcome = ended(&mut *sandbox, "for _ in range(300): print('x' * 1000)").await;
                assert!(
                    matches!(&outcome, Outcome::Value { logs, .. } if logs.len() < 60_000),
                    "{outcome:?}"
                );
                true
            }
            85..385 => {
                counts.calls += 1;
                counter += 1;
                is_counted(ended(&mut *sandbox, "x += one()\nx").await, counter);
                true
            }
            _ => {
                counts.values += 1;
                counter += 1;
                is_counted(ended(&mut *sandbox, "x += 1\nx").await, counter);
                true
            }
        };
        if !goes_on {
            (sandbox, counter) = (open(executor).await, 0);
        }
    }
    counts
}

fn is_counted(outcome: Outcome, counter: u64) {
    assert!(
        matches!(&outcome, Outcome::Value { text, .. } if *text == counter.to_string()),
        "{counter}: {outcome:?}"
    );
}

async fn open(executor: &Process) -> Box<dyn Sandbox> {
    let spec = SandboxSpec { tools: vec![ToolSpec::new("one", "One.")], ..SandboxSpec::default() };
    let mut sandbox = executor.open(spec, &|_| ()).await.unwrap_or_else(|error| panic!("{error}"));
    ended(&mut *sandbox, "x = 0").await;
    sandbox
}

/// Runs a block to its end.
async fn ended(sandbox: &mut dyn Sandbox, code: &str) -> Outcome {
    let mut input = Input::Code(code.to_owned());
    loop {
        match sandbox.feed(input).await {
            Ok(Outcome::Call(call)) => input = Input::ToolReply { id: call.id, reply: Ok(json!(1)) },
            Ok(outcome) => return outcome,
            Err(error) => panic!("{error}"),
        }
    }
}

/// A xorshift generator: the same soak each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Megabytes of memory that this process holds.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) / 1024.0
}

/// Control groups, temporary folders and children of this process.
fn left() -> Vec<String> {
    let id = std::process::id();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let groups = own.lines().filter_map(|line| {
        let mut fields = line.splitn(3, ':');
        Some(format!("/sys/fs/cgroup/{}{}", fields.nth(1)?, fields.next()?))
    });
    let names = |folder: String| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path().display().to_string())
    };
    let folders = groups.chain([std::env::temp_dir().display().to_string()]).flat_map(names);
    let mut left: Vec<String> = folders.filter(|path| path.contains(&format!("/smolagents-{id}-"))).collect();
    for thread in names("/proc/self/task".to_owned()) {
        let children = fs::read_to_string(format!("{thread}/children")).unwrap_or_default();
        left.extend(children.split_whitespace().map(str::to_owned));
    }
    left
}
