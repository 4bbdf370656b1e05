//! The guest program and its frames: what is said between a host and the Python that runs the blocks. The program is
//! the same wherever CPython runs; only how a frame travels differs.

#[cfg(feature = "worker")]
use crate::logs::Logs;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_core::{
    exec::{Outcome, SandboxSpec},
    tool::ToolSpec,
};

/// The modules of the guest program, name and source, each after those it imports.
pub(crate) const PROGRAM: [(&str, &str); 6] = [
    ("guest_foreign", include_str!("../guest/program/foreign.py")),
    ("guest_values", include_str!("../guest/program/values.py")),
    ("guest_tools", include_str!("../guest/program/tools.py")),
    ("guest_imports", include_str!("../guest/program/imports.py")),
    ("guest_output", include_str!("../guest/program/output.py")),
    ("guest_session", include_str!("../guest/program/session.py")),
];

/// The largest frame, in bytes, that either side takes.
pub(crate) const MAX_FRAME: usize = 64 << 20;

/// The longest name of an exception's class that is shown whole, in characters.
#[cfg(feature = "worker")]
const LONGEST_NAME: usize = 500;

/// How long the notice that text was left out may be, in characters.
#[cfg(feature = "worker")]
const NOTICE: usize = 100;

#[derive(Serialize)]
struct Open<'a> {
    tools: &'a [ToolSpec],
    imports: &'a Option<Vec<String>>,
    seed: Option<u64>,
    output_limit: usize,
}

/// The frame that makes a session. `output_limit` bounds each text of an outcome, in characters.
pub(crate) fn open(spec: &SandboxSpec, output_limit: usize) -> Value {
    let open = Open { tools: &spec.tools, imports: &spec.authorized_imports, seed: spec.seed, output_limit };
    json!({ "open": open })
}

/// The frame that runs a block.
#[cfg(feature = "wasm")]
pub(crate) fn run(code: &str) -> String {
    json!({ "code": code }).to_string()
}

/// The frame that answers a tool call.
pub(crate) fn reply(reply: Result<Value, String>) -> String {
    let answer = |error: &str| json!({ "error": error }).to_string();
    let frame = match reply {
        Ok(value) => json!({ "ok": value }).to_string(),
        Err(error) => answer(&error),
    };
    if frame.len() <= MAX_FRAME {
        return frame;
    }
    answer(&format!(
        "the tool's value is too large for the sandbox: {} bytes, limit {MAX_FRAME}",
        frame.len()
    ))
}

/// A tool call as the guest asks for it.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// The tool's name.
    pub(crate) name: String,
    /// Argument name to value.
    pub(crate) arguments: serde_json::Map<String, Value>,
}

/// How a block ended, as the guest tells it: an [`Outcome`] without what was printed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ended {
    Value { value: Value, text: String },
    FinalAnswer { value: Value, text: String },
    Raised { kind: String, error: String },
}

impl Ended {
    /// How it ended, if it was told to for `reason`. Only code that ran through all the same has another word.
    #[cfg(feature = "worker")]
    pub(crate) fn out_of_time(self, reason: &str) -> Self {
        match self {
            Self::Raised { kind, error } if kind == "KeyboardInterrupt" => {
                let traceback = error
                    .rsplit_once('\n')
                    .map(|(traceback, _)| format!("{traceback}\n"))
                    .unwrap_or_default();
                Self::Raised {
                    kind: "TimeoutError".to_owned(),
                    error: format!("{traceback}TimeoutError: {reason}"),
                }
            }
            other => other,
        }
    }

    /// With texts no longer than the guest program makes them: a frame may be forged.
    #[cfg(feature = "worker")]
    pub(crate) fn clipped(mut self, limit: usize) -> Self {
        match &mut self {
            Self::Value { text, .. } | Self::FinalAnswer { text, .. } => clip(text, limit),
            Self::Raised { kind, error } => {
                clip(kind, LONGEST_NAME);
                clip(error, limit);
            }
        }
        self
    }

    /// The outcome, together with what was printed.
    pub(crate) fn with_logs(self, logs: String) -> Outcome {
        match self {
            Self::Value { value, text } => Outcome::Value { value, text, logs },
            Self::FinalAnswer { value, text } => Outcome::FinalAnswer { value, text, logs },
            Self::Raised { kind, error } => Outcome::Raised { kind, error, logs },
        }
    }
}

/// The head and the tail of what is longer than the limit and the notice of it.
#[cfg(feature = "worker")]
fn clip(text: &mut String, limit: usize) {
    if text.len() > limit.saturating_add(NOTICE) && text.chars().count() > limit.saturating_add(NOTICE) {
        let mut kept = Logs::new(limit);
        kept.push(text);
        *text = kept.take();
    }
}

/// Reads a frame of the guest, which may have been written by code that means harm.
pub(crate) fn read<'a, T: Deserialize<'a>>(frame: &'a str) -> Result<T, String> {
    if frame.len() > MAX_FRAME {
        return Err(format!("it sent a frame of {} bytes, limit {MAX_FRAME}", frame.len()));
    }
    serde_json::from_str(frame).map_err(|error| format!("it sent a frame that cannot be read: {error}"))
}
