//! A worker's streams by way of a service. Tasks of their own carry them, so that a feed that gives up half way, such as
//! when a block's time is up, never leaves half a line behind.

use crate::worker::{Channel, Lines, Piece};
use tokio::{sync::mpsc, task::JoinSet};

/// How many pieces may wait on either side.
const WAITING: usize = 16;

/// What came from where.
pub(crate) enum Arrived {
    Output(Vec<u8>),
    Errors(Vec<u8>),
    /// Nothing more will, and why.
    Ended(String),
}

/// The other side of a wire: what is to be carried to the worker, and where to put what it says.
pub(crate) struct Feed {
    /// Lines with their end.
    pub(crate) lines: mpsc::Receiver<Vec<u8>>,
    pub(crate) arrived: mpsc::Sender<Arrived>,
}

/// A channel whose streams are carried by tasks. Dropping it ends them, and what it keeps.
pub(crate) struct Wire<K> {
    input: mpsc::Sender<Vec<u8>>,
    arrived: mpsc::Receiver<Arrived>,
    lines: Lines,
    /// How it ended, once it has.
    ended: Option<String>,
    _carriers: JoinSet<()>,
    /// What ends with it: the sandbox. After the carriers, which would notice.
    _kept: K,
}

impl<K: Send + 'static> Wire<K> {
    /// A wire that `carry` sets the tasks up for.
    pub(crate) fn new(kept: K, carry: impl FnOnce(Feed, &mut JoinSet<()>)) -> Self {
        let (input, lines) = mpsc::channel(WAITING);
        let (sender, arrived) = mpsc::channel(WAITING);
        let mut carriers = JoinSet::new();
        carry(Feed { lines, arrived: sender }, &mut carriers);
        Self { input, arrived, lines: Lines::default(), ended: None, _carriers: carriers, _kept: kept }
    }

    /// What was printed past the worker, if anything; a worker's lines are put by.
    async fn receive(&mut self) -> Option<Piece> {
        match self.arrived.recv().await {
            Some(Arrived::Output(bytes)) => {
                self.lines.push(&bytes);
                None
            }
            Some(Arrived::Errors(bytes)) => {
                Some(Piece::Printed(String::from_utf8_lossy(&bytes).into_owned()))
            }
            Some(Arrived::Ended(how)) => Some(Piece::Ended(self.ended.insert(how).clone())),
            None => Some(Piece::Ended(self.how_it_ended())),
        }
    }

    fn how_it_ended(&self) -> String {
        self.ended.clone().unwrap_or_else(|| "its connection has ended".to_owned())
    }
}

#[async_trait::async_trait]
impl<K: Send + 'static> Channel for Wire<K> {
    async fn send(&mut self, mut line: String) -> Result<(), String> {
        line.push('\n');
        if self.input.send(line.into_bytes()).await.is_ok() {
            return Ok(());
        }
        // Whoever carried the lines said why before it gave up.
        loop {
            if let Some(Piece::Ended(how)) = self.receive().await {
                return Err(how);
            }
        }
    }

    async fn next(&mut self) -> Piece {
        loop {
            if let Some(piece) = self.lines.next() {
                return piece;
            }
            if let Some(piece) = self.receive().await {
                return piece;
            }
        }
    }
}
