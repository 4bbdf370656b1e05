//! Reading a run from its file.

use super::{
    error::RunFileError,
    header::{FORMAT, Header, VERSION},
};
use crate::{Event, Run};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A run that was recorded, as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its first line.
    pub header: Header,
    /// What happened; the first is [`Event::Begin`]. The event at `index` is line `index + 2`.
    pub events: Vec<Event>,
    /// The run that these events make.
    pub run: Run,
}

impl RunFile {
    /// Reads a file, also one that is being written. A last line without its end is no part of the run: the process was
    /// cut while it wrote it, and did nothing on the strength of it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, RunFileError> {
        let path = path.as_ref();
        let io = |cause| RunFileError::Io { action: "read", path: path.to_owned(), cause };
        Ok(Self::parse(path, &std::fs::read(path).map_err(io)?)?.0)
    }

    /// The run, and how many of the bytes are whole lines.
    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<(Self, usize), RunFileError> {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut lines = bytes.get(..whole).unwrap_or_default().split_inclusive(|byte| *byte == b'\n');
        let path = path.to_owned();
        let Some(first) = lines.next() else {
            // The beginning of our own first line is a run that was cut at once; anything else is a stranger's file.
            let begun = format!("{{\"format\":\"{FORMAT}\"");
            let ours = bytes.iter().zip(begun.as_bytes()).all(|(one, other)| one == other);
            return Err(if ours { RunFileError::Empty { path } } else { RunFileError::Foreign { path } });
        };
        let header = read_header(&path, first)?;
        let mut events = Vec::new();
        for (index, line) in lines.enumerate() {
            let wrong = |error: serde_json::Error| RunFileError::Line {
                path: path.clone(),
                line: index + 2,
                cause: error.to_string(),
            };
            events.push(serde_json::from_slice(line).map_err(wrong)?);
        }
        match events.first() {
            None => return Err(RunFileError::Empty { path }),
            Some(Event::Begin(_)) => {}
            Some(_) => return Err(RunFileError::NoBegin { path }),
        }
        let mut run = Run::default();
        events.iter().for_each(|event| run.apply(event));
        Ok((Self { path, header, events, run }, whole))
    }

    /// Whether the last thing that happened was its end. A run that has its answer and did not get to say so is not over.
    pub fn is_over(&self) -> bool {
        matches!(self.events.last(), Some(Event::Done(_)))
    }
}

fn read_header(path: &Path, line: &[u8]) -> Result<Header, RunFileError> {
    let foreign = || RunFileError::Foreign { path: path.to_owned() };
    let value: Value = serde_json::from_slice(line).map_err(|_| foreign())?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(foreign());
    }
    match value.get("version").and_then(Value::as_u64) {
        Some(version) if version > VERSION => Err(RunFileError::Newer { path: path.to_owned(), version }),
        _ => serde_json::from_value(value).map_err(|error| RunFileError::Line {
            path: path.to_owned(),
            line: 1,
            cause: error.to_string(),
        }),
    }
}
