//! Every run is recorded unless it is not to be, and traced if it is to be. What goes into the file beside the run is
//! what builds its agent again, without any key.

use crate::arguments::{AgentArguments, RecordArguments, RunsFolder};
use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smolagents::{
    Event, Run, RunError,
    otel::Exporter,
    runs::{Header, Parent, Recorder, TeeError},
};
use std::{env, path::PathBuf};

/// What the command puts into the header of a run's file.
#[derive(Serialize, Deserialize)]
struct Settings {
    agent: AgentArguments,
}

/// Where runs are recorded and traced, and what their files say of their agent.
pub struct Recording {
    /// None: nothing is recorded.
    folder: Option<PathBuf>,
    settings: Value,
    traces: Option<Exporter>,
}

impl Recording {
    pub fn new(record: &RecordArguments, agent: &AgentArguments) -> anyhow::Result<Self> {
        let folder = (!record.no_record).then(|| folder(&record.folder).map_err(|error| warn(&error)).ok());
        let exporter = |url: &str| if url.is_empty() { Exporter::from_env() } else { Exporter::otlp(url) };
        let traces = record.otel.as_deref().map(exporter).transpose()?;
        Ok(Self { folder: folder.flatten(), settings: settings(agent), traces })
    }

    /// Waits until the traces of what ended are sent. That they cannot be sent is no fault of the run.
    pub async fn flush(&self) {
        if let Some(traces) = &self.traces
            && let Err(error) = traces.flush().await
        {
            anstream::eprintln!("warning: the traces are not sent: {error}");
        }
    }

    /// Waits until the run begins, and begins its record, if there is none yet. A run that cannot begin leaves none; one
    /// that cannot be recorded goes on. `before` is what the same run did before.
    pub async fn begin<'a>(
        &self,
        before: Run,
        mut events: BoxStream<'a, Result<Event, RunError>>,
        recorder: &mut Option<Recorder>,
    ) -> BoxStream<'a, Result<Event, RunError>> {
        if let Some(traces) = &self.traces {
            events = traces.watch_after(before, events);
        }
        let first = events.next().await;
        if let (None, Some(folder), Some(Ok(_))) = (&recorder, &self.folder, &first) {
            let created = Recorder::create(folder, Header::new(self.settings.clone()));
            *recorder = created.map_err(|error| warn(&error.into())).ok();
        }
        stream::iter(first).chain(events).boxed()
    }
}

/// The same events, recorded on the way if there is a recorder.
pub fn tee<'a, E: Send + 'a>(
    events: BoxStream<'a, Result<Event, E>>,
    recorder: Option<&'a mut Recorder>,
) -> BoxStream<'a, Result<Event, TeeError<E>>> {
    match recorder {
        Some(recorder) => recorder.tee(events),
        None => events.map_err(TeeError::Run).boxed(),
    }
}

/// The file of a run that was forked from another.
pub fn forked(folder: &RunsFolder, parent: Parent, agent: &AgentArguments) -> anyhow::Result<Recorder> {
    let header = Header { parent: Some(parent), ..Header::new(settings(agent)) };
    Ok(Recorder::create(self::folder(folder)?, header)?)
}

/// The arguments that a run was begun with; none if something else began it.
pub fn agent_of(header: &Header) -> Option<AgentArguments> {
    Some(serde_json::from_value::<Settings>(header.settings.clone()).ok()?.agent)
}

/// The folder of recorded runs.
pub fn folder(asked: &RunsFolder) -> anyhow::Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = || set("XDG_STATE_HOME").or_else(|| Some(env::home_dir()?.join(".local/state")));
    let named = asked.runs.clone().filter(|folder| !folder.as_os_str().is_empty());
    let default = || Some(state()?.join("smolagents/runs"));
    named
        .or_else(default)
        .context("there is no home directory to keep runs in\n\nhint: name a folder by `--runs DIR`")
}

/// How a cut run is carried on.
pub fn resume_hint(id: &str) -> String {
    format!("hint: `smolagent runs resume {id}` carries the run on")
}

fn settings(agent: &AgentArguments) -> Value {
    let mut agent = agent.clone();
    agent.api_base = agent.api_base.map(without_password);
    serde_json::to_value(Settings { agent }).unwrap_or_default()
}

/// The address without the `user:password@` that it may hold.
fn without_password(address: String) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

fn warn(error: &anyhow::Error) {
    anstream::eprintln!("warning: the run is not recorded: {error:#}");
}
