//! A worker that is a child of this process.

use super::{Channel, Lines, Piece};
use crate::keeper::{Child, Parting};
use futures::future::{Either, select};
use std::{io, os::fd::AsFd, pin::pin, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::unix::pipe::{Receiver, Sender},
};

/// How long an ended worker may take to be gone.
const PARTING: Duration = Duration::from_millis(500);

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;

pub(crate) struct Pipes {
    child: Child,
    /// After the child, which it waits for.
    _parting: Arc<Parting>,
    input: Sender,
    output: Receiver,
    /// `None` once it is closed.
    errors: Option<Receiver>,
    lines: Lines,
    buffer: Vec<u8>,
}

impl Pipes {
    /// Starts `command` and holds its three streams.
    pub(crate) async fn spawn(mut command: std::process::Command, parting: Arc<Parting>) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = Child::spawn(command).await?;
        let (input, output, errors) = child.take_streams()?;
        let (input, output) = (Sender::from_owned_fd(input)?, Receiver::from_owned_fd(output)?);
        let errors = Some(Receiver::from_owned_fd(errors)?);
        Ok(Self {
            child,
            _parting: parting,
            input,
            output,
            errors,
            lines: Lines::default(),
            buffer: vec![0; PIECE],
        })
    }

    /// Does this once nothing of it runs any more.
    pub(crate) fn afterwards(&mut self, job: impl FnOnce() + Send + 'static) {
        self.child.afterwards(job);
    }

    /// What other processes and C libraries have printed by now: it was there before the worker's next line.
    fn printed(&mut self) -> Option<Piece> {
        // Asked of the system, not of the runtime: that may have heard of the line and not yet of what came before it.
        match rustix::io::read(self.errors.as_ref()?.as_fd(), self.buffer.as_mut_slice()) {
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => None,
            count => self.take_printed(count.map_err(io::Error::from)),
        }
    }

    fn take_printed(&mut self, count: io::Result<usize>) -> Option<Piece> {
        match count {
            Ok(count @ 1..) => {
                let bytes = self.buffer.get(..count).unwrap_or_default();
                Some(Piece::Printed(String::from_utf8_lossy(bytes).into_owned()))
            }
            _ => {
                self.errors = None;
                None
            }
        }
    }

    async fn how_it_ended(&mut self) -> String {
        let status = tokio::time::timeout(PARTING, self.child.wait()).await;
        match status {
            Ok(Ok(status)) => format!("its process ended ({status})"),
            _ => "its process closed its output".to_owned(),
        }
    }
}

/// What came from where.
enum Read {
    Output(io::Result<usize>),
    Errors(io::Result<usize>),
}

#[async_trait::async_trait]
impl Channel for Pipes {
    async fn send(&mut self, line: String) -> Result<(), String> {
        let bytes = [line.as_bytes(), b"\n"].concat();
        if self.input.write_all(&bytes).await.is_ok() { Ok(()) } else { Err(self.how_it_ended().await) }
    }

    async fn next(&mut self) -> Piece {
        loop {
            if let Some(piece) = self.printed().or_else(|| self.lines.next()) {
                return piece;
            }
            let read = match &mut self.errors {
                None => Read::Output(self.output.read(&mut self.buffer).await),
                Some(errors) => either(&self.output, errors, &mut self.buffer).await,
            };
            match read {
                Read::Output(Ok(count @ 1..)) => {
                    self.lines.push(self.buffer.get(..count).unwrap_or_default())
                }
                Read::Output(_) => return Piece::Ended(self.how_it_ended().await),
                Read::Errors(count) => {
                    if let Some(piece) = self.take_printed(count) {
                        return piece;
                    }
                }
            }
        }
    }
}

/// Reads from whichever has something.
async fn either(output: &Receiver, errors: &Receiver, buffer: &mut [u8]) -> Read {
    loop {
        let (has_output, has_errors) = (pin!(output.readable()), pin!(errors.readable()));
        let from_output = matches!(select(has_output, has_errors).await, Either::Left(_));
        match if from_output { output.try_read(buffer) } else { errors.try_read(buffer) } {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            read if from_output => return Read::Output(read),
            read => return Read::Errors(read),
        }
    }
}
