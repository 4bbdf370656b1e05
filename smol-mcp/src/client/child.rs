//! A server that is a program of this machine: started with little of our environment, ended with all that it started.

use super::{config::Reach, plain};
use crate::McpError;
use std::{
    collections::VecDeque,
    env, io,
    pin::Pin,
    process::Stdio,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, ReadBuf},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
};

/// What every program needs. Keys and tokens are not among them.
const KEPT_VARIABLES: [&str; 17] = [
    "HOME",
    "LANG",
    "LC_ALL",
    "LOGNAME",
    "PATH",
    "SHELL",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TEMP",
    "TERM",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERPROFILE",
    "APPDATA",
    "SYSTEMROOT",
];
/// Bytes of one message: as much as over HTTP.
const LARGEST_MESSAGE: usize = 16 * 1024 * 1024;
/// Lines of its standard error that are kept.
const KEPT_LINES: usize = 12;
/// Characters of each.
const LONGEST_LINE: usize = 300;

/// A running server. It is killed when this is dropped.
pub(super) struct Program {
    process: tokio::sync::Mutex<Child>,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
    stderr: Tail,
    fault: Fault,
}

/// What was wrong with what it wrote, once something was.
#[derive(Clone, Default)]
struct Fault(Arc<OnceLock<String>>);

impl Program {
    /// Starts it, and gives the two ends that messages go over.
    pub(super) fn start(server: &str, reach: &Reach) -> Result<(Self, Messages, ChildStdin), McpError> {
        let failed = |cause| McpError::Start { server: server.to_owned(), command: reach.to_string(), cause };
        let Reach::Command { program, arguments, environment, folder } = reach else {
            return Err(failed(io::Error::other("it is no command")));
        };
        let mut command = Command::new(program);
        let kept = KEPT_VARIABLES.iter().filter_map(|name| Some((name, env::var_os(name)?)));
        command.args(arguments).env_clear().envs(kept).envs(environment).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        command.process_group(0);
        let mut process = command.spawn().map_err(failed)?;
        let lost = || failed(io::Error::other("its pipes are missing"));
        let stdin = process.stdin.take().ok_or_else(lost)?;
        let stdout = process.stdout.take().ok_or_else(lost)?;
        let stderr = Tail::of(server, process.stderr.take().ok_or_else(lost)?);
        let fault = Fault::default();
        let program = Self {
            #[cfg(unix)]
            group: process.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())),
            process: tokio::sync::Mutex::new(process),
            stderr,
            fault: fault.clone(),
        };
        Ok((program, Messages { stdout, since_line: 0, fault }, stdin))
    }

    /// Its last words on its standard error.
    pub(super) fn last_words(&self) -> String {
        self.stderr.text()
    }

    /// What was wrong with its messages.
    pub(super) fn fault(&self) -> Option<String> {
        self.fault.0.get().cloned()
    }

    /// How it ended. One that has closed its output and goes on is ended.
    pub(super) async fn ended(&self) -> Option<String> {
        let mut process = self.process.lock().await;
        let status = match tokio::time::timeout(Duration::from_millis(500), process.wait()).await {
            Ok(status) => status,
            Err(_) => {
                self.kill();
                process.wait().await
            }
        };
        // Its last words may be on their way.
        tokio::time::sleep(Duration::from_millis(20)).await;
        status.ok().map(|status| status.to_string())
    }

    fn kill(&self) {
        #[cfg(unix)]
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Its standard output, which ends where a line is longer than a message may be. What reads the lines drops such a line
/// and goes on, and whoever waits for it would wait long.
pub(super) struct Messages {
    stdout: ChildStdout,
    since_line: usize,
    fault: Fault,
}

impl AsyncRead for Messages {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stdout).poll_read(context, buffer))?;
        let new = buffer.filled().get(before..).unwrap_or_default();
        self.since_line = match new.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => new.len() - end - 1,
            None => self.since_line + new.len(),
        };
        if self.since_line > LARGEST_MESSAGE {
            let words = format!("a message of more than {} MiB", LARGEST_MESSAGE / 1024 / 1024);
            let _ = self.fault.0.set(words.clone());
            return Poll::Ready(Err(io::Error::other(words)));
        }
        Poll::Ready(Ok(()))
    }
}

/// The last lines of a standard error.
#[derive(Clone, Default)]
struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    /// Reads all of it, to its end, and keeps the last lines.
    fn of(server: &str, mut stderr: ChildStderr) -> Self {
        let (tail, server) = (Self::default(), server.to_owned());
        let kept = tail.clone();
        tokio::spawn(async move {
            let (mut bytes, mut line) = (vec![0; 8 * 1024], Vec::new());
            while let Ok(count @ 1..) = stderr.read(&mut bytes).await {
                for byte in bytes.iter().take(count) {
                    match byte {
                        b'\n' => kept.push(&server, &mut line),
                        _ if line.len() < 4 * LONGEST_LINE => line.push(*byte),
                        _ => {}
                    }
                }
            }
            kept.push(&server, &mut line);
        });
        tail
    }

    fn push(&self, server: &str, line: &mut Vec<u8>) {
        let text = plain(String::from_utf8_lossy(line).trim_end(), LONGEST_LINE);
        line.clear();
        if text.is_empty() {
            return;
        }
        tracing::debug!(server, line = text, "an MCP server wrote to its standard error");
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(text);
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
