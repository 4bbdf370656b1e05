//! Child processes, whose end is seen to. They are started by a thread that lives as long as this process, because Linux
//! takes a child's parent to be a thread: a child that is to die with its parent would die with whatever thread of a
//! runtime's pool happened to start it. And they are waited for by another, so that dropping one waits for nothing.

use std::{
    fs, io,
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Child as Process, Command, ExitStatus, Output, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// How long the end of a program may wait for its children's.
const PARTING: Duration = Duration::from_secs(1);

/// The thread that waits for what was killed.
static REAPER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();

/// Hands a job to the thread of this name, which is started on first use.
fn on_thread(thread: &'static OnceLock<mpsc::Sender<Job>>, name: &str, job: Job) -> io::Result<()> {
    let sender = thread.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let spawned = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || jobs.into_iter().for_each(|job| job()));
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread could be started");
        }
        sender
    });
    sender.send(job).map_err(|_| io::Error::other("its thread has ended"))
}

/// A child process. Dropping it kills it and all its descendants that can be found.
pub(crate) struct Child {
    process: Option<Process>,
    /// Called once nothing of it runs any more.
    after: Vec<Job>,
}

impl Child {
    /// Starts it.
    pub(crate) async fn spawn(mut command: Command) -> io::Result<Self> {
        static SPAWNER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
        let (sender, spawned) = oneshot::channel();
        let job = move || {
            let child = command.spawn().map(|process| Self { process: Some(process), after: Vec::new() });
            // A child that nobody waits for any more is dropped here.
            let _ = sender.send(child);
        };
        on_thread(&SPAWNER, "process-spawner", Box::new(job))?;
        spawned.await.map_err(io::Error::other)?
    }

    /// Its input, output and errors.
    pub(crate) fn take_streams(&mut self) -> io::Result<(OwnedFd, OwnedFd, OwnedFd)> {
        let gone = || io::Error::other("it has no such stream");
        let process = self.process.as_mut().ok_or_else(gone)?;
        let input = process.stdin.take().ok_or_else(gone)?;
        let (output, errors) =
            (process.stdout.take().ok_or_else(gone)?, process.stderr.take().ok_or_else(gone)?);
        Ok((input.into(), output.into(), errors.into()))
    }

    /// Does this once nothing of it runs any more.
    pub(crate) fn afterwards(&mut self, job: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(job));
    }

    /// Waits until it has ended.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        loop {
            let process = self.process.as_mut().ok_or_else(|| io::Error::other("it has gone"))?;
            if let Some(status) = process.try_wait()? {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        kill_tree(process.id());
        let after = std::mem::take(&mut self.after);
        let job = move || {
            let _ = process.wait();
            after.into_iter().for_each(|job| job());
        };
        if let Err(error) = on_thread(&REAPER, "process-reaper", Box::new(job)) {
            tracing::error!(%error, "a process was not waited for");
        }
    }
}

/// Whoever drops the last of these waits, a bounded moment, until what was dropped before is gone with all that it left
/// behind: the program may end right then, and its threads with it.
#[derive(Debug)]
pub(crate) struct Parting;

impl Drop for Parting {
    fn drop(&mut self) {
        let (done, waiting) = mpsc::channel();
        // Jobs are done in turn, so this one after all that was to be waited for.
        let sent = REAPER.get().map(|reaper| {
            reaper.send(Box::new(move || {
                let _ = done.send(());
            }))
        });
        if sent.is_some_and(|sent| sent.is_ok()) && waiting.recv_timeout(PARTING).is_err() {
            tracing::warn!("a process or what it left behind is still there");
        }
    }
}

/// Runs a command to its end.
pub(crate) async fn output(mut command: Command) -> io::Result<Output> {
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output()).await.map_err(io::Error::other)?
}

/// What a command that failed said, or else how it ended.
pub(crate) fn complaint(output: &Output) -> String {
    match String::from_utf8_lossy(&output.stderr).trim() {
        "" => output.status.to_string(),
        said => said.to_owned(),
    }
}

/// Where the `PATH` of this process has a program; its name if nowhere.
pub(crate) fn on_path(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| name.into())
}

/// Kills a process that was started here, if it is still there.
pub(crate) fn kill(id: u32) {
    if let Some(id) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
    }
}

/// Kills a process of ours that was not waited for, and first what descends from it: a sandbox's outer process, killed
/// alone, leaves the inner ones for seconds.
fn kill_tree(id: u32) {
    for child in children(id) {
        kill_tree(child);
    }
    kill(id);
}

/// The children of a process, as Linux tells them.
fn children(id: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}
