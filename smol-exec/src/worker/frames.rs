//! What a worker and its host say to each other. A worker runs code that may mean harm: each frame is checked, and one
//! that comes out of turn ends the session.

use crate::guest::{Asked, Ended, MAX_FRAME};
use serde::Deserialize;
use serde_json::{Value, json};

/// What comes out of a channel.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A line, without its end.
    Line(String),
    /// What was printed past the worker, such as by another process.
    Printed(String),
    /// It has ended, and how.
    Ended(String),
}

/// What a worker tells once it is ready.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    /// Python's version, such as `3.11.7`.
    pub(crate) python: String,
    /// The steps of `confine.py` that were done.
    pub(crate) confined: Vec<String>,
}

/// A call, with the number that its reply must bear.
#[derive(Debug, Deserialize)]
pub(super) struct Call {
    pub(super) id: u64,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

/// A worker's word.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Word {
    Ready(Ready),
    Failed(String),
    Write(String),
    Skipped(usize),
    Call(Call),
    Ended(Ended),
}

/// Reads a line that was said in turn `turn`.
pub(super) fn read(line: &str, turn: u64) -> Result<Word, String> {
    let (said, word): (u64, Word) = crate::guest::read(line)?;
    if said == turn {
        return Ok(word);
    }
    Err(format!("it sent a frame of turn {said} in turn {turn}"))
}

/// The line that runs a block.
pub(super) fn code(turn: u64, code: &str) -> String {
    json!([turn, { "code": code }]).to_string()
}

/// The line that answers call `id`.
pub(super) fn reply(turn: u64, id: u64, reply: Result<Value, String>) -> String {
    format!("[{turn},{{\"reply\":[{id},{}]}}]", crate::guest::reply(reply))
}

/// The line that asks to end the block.
pub(super) fn interrupt(turn: u64) -> String {
    json!([turn, { "interrupt": true }]).to_string()
}

/// Whether a line may be as long as this, in bytes.
pub(super) fn fits(length: usize) -> bool {
    // What stands around a frame's body is short.
    length <= MAX_FRAME + 1024
}
