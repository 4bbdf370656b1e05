//! Child processes, whose end is seen to. They are started by a thread that lives as long as this process, because Linux
//! takes a child's parent to be a thread: a child that is to die with its parent would die with whatever thread of a
//! runtime's pool happened to start it. And they are waited for by another, so that dropping one waits for nothing.

use std::{
    fs, io,
    os::fd::OwnedFd,
    process::{Child as Process, Command, ExitStatus, Output, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

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
        static REAPER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
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

/// Runs a command to its end.
pub(crate) async fn output(mut command: Command) -> io::Result<Output> {
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output()).await.map_err(io::Error::other)?
}

/// Kills a process of ours that was not waited for, and first what descends from it: a sandbox's outer process, killed
/// alone, leaves the inner ones for seconds.
fn kill_tree(id: u32) {
    for child in children(id) {
        kill_tree(child);
    }
    if let Some(id) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
    }
}

/// The children of a process, as Linux tells them.
fn children(id: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}
