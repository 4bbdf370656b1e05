//! Writing a run to its file, event by event.

use super::{
    RunFileError,
    commits::{Commit, Commits},
    error::TeeError,
    file::RunFile,
    header::Header,
};
use crate::Event;
use futures::{Stream, StreamExt, TryStreamExt, stream, stream::BoxStream};
use std::{
    fs::{File, OpenOptions, TryLockError, create_dir_all},
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

/// A file that a run is written to. While it is there, nobody else can write to the file.
pub struct Recorder {
    file: File,
    path: PathBuf,
    id: String,
    /// Bytes of whole lines.
    length: u64,
    commits: Commits,
    syncing: Option<JoinHandle<std::io::Result<()>>>,
    deltas: bool,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // Nobody is left to be told of an error; what was written is there, unless the machine goes down now.
        let _ = self.wait();
    }
}

impl Recorder {
    /// A new file in `folder`, which is made if it is not there. It gets another id than `header` has if that is taken.
    pub fn create(folder: impl AsRef<Path>, mut header: Header) -> Result<Self, RunFileError> {
        let folder = folder.as_ref();
        create_dir_all(folder).map_err(|cause| io("make the folder", folder, cause))?;
        let (path, file) = loop {
            let path = folder.join(format!("{}.jsonl", header.id));
            match options().create_new(true).open(&path) {
                Ok(file) => break (path, file),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    header.id = Header::new(serde_json::Value::Null).id;
                }
                Err(error) => return Err(io("create", &path, error)),
            }
        };
        lock(&file, &path)?;
        let mut recorder = Self::new(file, path, header.id.clone(), 0, Commits::default());
        recorder.write(&header.line())?;
        Ok(recorder)
    }

    /// Opens a file to go on with its run, which is given as it stands. A last line that was cut is cut off.
    pub fn append(path: impl AsRef<Path>) -> Result<(RunFile, Self), RunFileError> {
        let path = path.as_ref();
        let mut file = options().open(path).map_err(|cause| io("open", path, cause))?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|cause| io("read", path, cause))?;
        let (run_file, whole) = RunFile::parse(path, &bytes)?;
        let length = whole as u64;
        if whole < bytes.len() {
            file.set_len(length).map_err(|cause| io("shorten", path, cause))?;
        }
        let mut commits = Commits::default();
        for event in &run_file.events {
            commits.due(event);
        }
        let id = run_file.header.id.clone();
        Ok((run_file, Self::new(file, path.to_owned(), id, length, commits)))
    }

    fn new(file: File, path: PathBuf, id: String, length: u64, commits: Commits) -> Self {
        Self { file, path, id, length, commits, syncing: None, deltas: false }
    }

    /// Records the pieces of replies and what a sandbox says on its way, too. They are not needed to make a run again.
    pub fn deltas(mut self, deltas: bool) -> Self {
        self.deltas = deltas;
        self
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one event. When this returns, no crash of the process takes it away; and none of the machine, if it is about
    /// a call that writes. The beginning and the end of the run are put on the disk meanwhile; dropping the recorder waits
    /// for that. After an error the file is as it was before.
    pub fn record(&mut self, event: &Event) -> Result<(), RunFileError> {
        if !self.deltas && matches!(event.leaf().1, Event::Delta(_) | Event::Progress(_)) {
            return Ok(());
        }
        let line = serde_json::to_vec(event).map(|mut line| {
            line.push(b'\n');
            line
        });
        self.write(&line)?;
        let synced = match self.commits.due(event) {
            Commit::Sometime => Ok(()),
            Commit::Beside => self.sync_beside(),
            Commit::First => self.sync(),
        };
        synced.map_err(|cause| io("write", &self.path, cause))
    }

    /// Puts all that was written on the disk.
    fn sync(&mut self) -> std::io::Result<()> {
        self.wait()?;
        self.file.sync_data()
    }

    /// Does so while the run goes on. Disks take longer for it than a step takes beside its model.
    fn sync_beside(&mut self) -> std::io::Result<()> {
        self.wait()?;
        let file = self.file.try_clone()?;
        let thread = thread::Builder::new().spawn(move || file.sync_data());
        match thread {
            Ok(thread) => self.syncing = Some(thread),
            Err(_) => self.file.sync_data()?,
        }
        Ok(())
    }

    /// Waits for what is done beside.
    fn wait(&mut self) -> std::io::Result<()> {
        let Some(thread) = self.syncing.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(std::io::Error::other("the thread that writes crashed")))
    }

    /// The same events, each recorded before it is passed on. What cannot be recorded ends the stream: since events are
    /// made as they are taken, nothing then happens that is not on record.
    pub fn tee<'a, E: Send + 'a>(
        &'a mut self,
        events: impl Stream<Item = Result<Event, E>> + Send + 'a,
    ) -> BoxStream<'a, Result<Event, TeeError<E>>> {
        let state = (self, events.boxed());
        stream::try_unfold(state, |(recorder, mut events)| async move {
            let Some(event) = events.try_next().await.map_err(TeeError::Run)? else { return Ok(None) };
            recorder.record(&event)?;
            Ok(Some((event, (recorder, events))))
        })
        .boxed()
    }

    fn write(&mut self, line: &serde_json::Result<Vec<u8>>) -> Result<(), RunFileError> {
        let line = match line {
            Ok(line) => line,
            Err(error) => return Err(io("write", &self.path, std::io::Error::other(error.to_string()))),
        };
        if let Err(cause) = self.file.write_all(line) {
            // Half a line in the middle would spoil the file: the next would be written behind it.
            let _ = self.file.set_len(self.length);
            return Err(io("write", &self.path, cause));
        }
        self.length += line.len() as u64;
        Ok(())
    }
}

/// What a run says and reads is its owner's business.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn lock(file: &File, path: &Path) -> Result<(), RunFileError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(RunFileError::Busy { path: path.to_owned() }),
        // Where the file system has no locks, a file of its own still has an owner.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(cause)) => Err(io("lock", path, cause)),
    }
}

fn io(action: &'static str, path: &Path, cause: std::io::Error) -> RunFileError {
    RunFileError::Io { action, path: path.to_owned(), cause }
}
