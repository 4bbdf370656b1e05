//! A process whose streams count their bytes, so that a reader or a writer that broke off can go on.

use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{ChildStdin, Command},
    sync::{Mutex as AsyncMutex, watch},
};

pub(super) struct Process {
    id: u32,
    input: AsyncMutex<(u64, Option<ChildStdin>)>,
    pub(super) streams: [watch::Receiver<Said>; 2],
    pub(super) exit: watch::Receiver<Option<std::process::ExitStatus>>,
}

/// What a stream has said so far.
#[derive(Default)]
pub(super) struct Said {
    pub(super) bytes: Vec<u8>,
    pub(super) is_over: bool,
}

impl Process {
    pub(super) fn start(arguments: &[String], folder: &Path) -> std::io::Result<Self> {
        let mut command = Command::new(arguments.first().map(String::as_str).unwrap_or_default());
        command.args(arguments.get(1..).unwrap_or_default()).current_dir(folder).env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", folder).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let id = child.id().unwrap_or_default();
        let input = AsyncMutex::new((0, child.stdin.take()));
        let streams = [gather(child.stdout.take()), gather(child.stderr.take())];
        let (sender, exit) = watch::channel(None);
        tokio::spawn(async move { sender.send(child.wait().await.ok()) });
        Ok(Self { id, input, streams, exit })
    }

    /// Writes what of `bytes`, which begin at `offset`, was not written before.
    pub(super) async fn write(&self, offset: u64, bytes: &[u8], is_last: bool) -> std::io::Result<()> {
        let mut input = self.input.lock().await;
        let (written, pipe) = &mut *input;
        let known = written.checked_sub(offset).ok_or_else(|| std::io::Error::other("a gap in the input"))?;
        let new = bytes.get(known as usize..).unwrap_or_default();
        let gone = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        pipe.as_mut().ok_or_else(gone)?.write_all(new).await?;
        *written += new.len() as u64;
        if is_last {
            *pipe = None;
        }
        Ok(())
    }

    /// Kills it and what descends from it.
    pub(super) fn kill(&self) {
        let _ = std::process::Command::new("kill").args(["-9", "--", &format!("-{}", self.id)]).output();
    }
}

fn gather(pipe: Option<impl AsyncRead + Unpin + Send + 'static>) -> watch::Receiver<Said> {
    let (sender, said) = watch::channel(Said::default());
    tokio::spawn(async move {
        let (mut pipe, mut buffer) = (pipe.expect("a pipe"), vec![0; 64 << 10]);
        while let Ok(count @ 1..) = pipe.read(&mut buffer).await {
            sender.send_modify(|said| said.bytes.extend_from_slice(&buffer[..count]));
        }
        sender.send_modify(|said| said.is_over = true);
    });
    said
}
