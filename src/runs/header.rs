//! The first line of a run's file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::hash::{BuildHasher, RandomState};

pub(super) const FORMAT: &str = "smolagents-run";
pub(super) const VERSION: u64 = 1;

/// What a file says of its run before the run begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The run's name, which is that of its file: the time (UTC) and four letters, such as `20261122-161800-ab12`. Names
    /// sort by age.
    pub id: String,
    /// When it began, as RFC 3339 in UTC.
    pub created: String,
    /// The version of this crate that began it.
    pub smolagents: String,
    /// What whoever recorded it needs to build its agent again. Keys do not belong here: people pass such files on.
    #[serde(default)]
    pub settings: Value,
    /// The run it was forked from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
}

/// Where a run was forked from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The other run.
    pub id: String,
    /// The last step they share, whole or up to its code; from 1.
    pub step: u32,
}

/// The line as it is written.
#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    version: u64,
    #[serde(flatten)]
    header: &'a Header,
}

impl Header {
    /// That of a new run.
    pub fn new(settings: Value) -> Self {
        let now = Timestamp::now();
        // The first two letters go on with the time, so that ids sort by it also within a second; the others are by
        // chance, of which this is the standard library's only source.
        let part_of_second = now.subsec_nanosecond().unsigned_abs() / (1_000_000_000 / 256 + 1);
        let letters = u64::from(part_of_second) << 8 | RandomState::new().hash_one(now) & 0xff;
        Self {
            id: format!("{}-{letters:04x}", now.strftime("%Y%m%d-%H%M%S")),
            created: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            smolagents: env!("CARGO_PKG_VERSION").to_owned(),
            settings,
            parent: None,
        }
    }

    pub(super) fn line(&self) -> serde_json::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(&Line { format: FORMAT, version: VERSION, header: self })?;
        line.push(b'\n');
        Ok(line)
    }
}
