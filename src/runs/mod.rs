//! Runs as files. What changes a run is its events, so a file of events is the run: it is carried on after a crash or in
//! another process, shown again, forked, and replayed without a model.
//!
//! A file holds JSON lines: a [`Header`], then every event as it happened. It is only ever appended to, one write a
//! line, and it is on the disk before anything is done that cannot be undone. So whatever ends the process, the file
//! knows all that was done, and of a call that writes at least that it was begun.
//!
//! ```
//! use smolagents::{prelude::*, runs::{Header, Recorder, RunFile}};
//! # use smolagents::models::scripted::{ScriptedModel, text};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("runs-of-the-docs-{}", std::process::id()));
//! # let model = ScriptedModel::new([text("<code>final_answer(6 * 7)</code>")]);
//! let agent = CodeAgent::builder(model).build()?;
//! let mut recorder = Recorder::create(&folder, Header::new(serde_json::Value::Null))?;
//! let mut events = recorder.tee(agent.run("What is six times seven?").stream());
//! while let Some(event) = events.next().await {
//!     event?;
//! }
//! drop(events);
//!
//! let file = RunFile::load(recorder.path())?;
//! assert_eq!(file.run.result().output, 42);
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! After a crash, [`Recorder::append`] gives the run and a recorder that goes on with the file:
//! `agent.drive(&mut file.run, &mut Live::default())` carries it on.

mod commits;
mod divergence;
mod error;
mod file;
mod fork;
mod header;
mod recorder;
mod replay;

pub use divergence::{Divergence, ReplayError};
pub use error::{RunFileError, TeeError};
pub use file::RunFile;
pub use fork::{Change, ForkError, fork};
pub use header::{Header, Parent};
pub use recorder::Recorder;
pub use replay::replay;

use crate::Event;

/// The ids of the calls whose managed agents an event happened in, from the root down, and the innermost event.
fn within(event: &Event) -> (Vec<&str>, &Event) {
    let (mut calls, mut leaf) = (Vec::new(), event);
    while let Event::Nested { call, event, .. } = leaf {
        calls.push(call.as_str());
        leaf = event;
    }
    (calls, leaf)
}
