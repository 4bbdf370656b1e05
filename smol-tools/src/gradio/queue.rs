//! A call: it joins the app's queue, and the app tells by server-sent events how it goes.

use super::{
    SpaceError,
    app::{App, below},
    endpoint::Endpoint,
    lines::Lines,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};
use tokio::time::timeout;

/// The longest line of events that is read, in bytes: results stand in one.
const LONGEST_LINE: usize = 64 << 20;

/// What the app tells. `rank` is how many calls come before this one.
#[derive(Deserialize)]
struct Told {
    msg: String,
    event_id: Option<String>,
    #[serde(default)]
    rank: u64,
    #[serde(default)]
    success: bool,
    #[serde(default)]
    output: Value,
    #[serde(default)]
    message: Value,
}

#[derive(Deserialize)]
struct Joined {
    event_id: String,
}

impl App {
    /// What the function gives for `inputs`.
    pub(super) async fn call(
        &self,
        endpoint: &Endpoint,
        inputs: Vec<Value>,
    ) -> Result<Vec<Value>, SpaceError> {
        let mut heard = "nothing".to_owned();
        let result = timeout(self.timeout, self.queue(endpoint, inputs, &mut heard)).await;
        result.unwrap_or_else(|_| {
            Err(SpaceError::Timeout { url: self.base.to_string(), seconds: self.timeout.as_secs(), heard })
        })
    }

    async fn queue(
        &self,
        endpoint: &Endpoint,
        inputs: Vec<Value>,
        heard: &mut String,
    ) -> Result<Vec<Value>, SpaceError> {
        let session = session();
        let mut inputs = inputs.into_iter();
        // What belongs to the session, the app keeps itself.
        let data: Vec<Value> = endpoint
            .hidden_inputs
            .iter()
            .map(|is_hidden| if *is_hidden { Value::Null } else { inputs.next().unwrap_or_default() })
            .collect();
        let body = json!({"data": data, "fn_index": endpoint.id, "session_hash": session});
        let joined: Joined = self.post("queue/join", &body).await?;
        let mut url = below(&self.api, "queue/data")?;
        url.query_pairs_mut().append_pair("session_hash", &session);
        let mut events = self.open(url.clone()).await?;
        let broken = |cause: String| SpaceError::Unreachable { url: url.to_string(), cause };
        let mut lines = Lines::default();
        while let Some(chunk) =
            events.chunk().await.map_err(|error| broken(error.without_url().to_string()))?
        {
            lines.feed(&chunk);
            while let Some(line) = lines.next_line() {
                let Some(told) = Told::read(&line) else { continue };
                if told.event_id.as_ref().is_some_and(|id| *id != joined.event_id) {
                    continue;
                }
                if let Some(result) = told.result(heard) {
                    return result.map(|outputs| seen(outputs, &endpoint.hidden_outputs));
                }
            }
            if lines.waiting() > LONGEST_LINE {
                return Err(broken(format!("an event is longer than {LONGEST_LINE} bytes")));
            }
        }
        Err(broken("it ended before there was a result".to_owned()))
    }
}

impl Told {
    /// What a line tells, if anything.
    fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line.strip_prefix(b"data:")?).ok()
    }

    /// The result, if this is it; else `heard` is how it goes.
    fn result(self, heard: &mut String) -> Option<Result<Vec<Value>, SpaceError>> {
        match self.msg.as_str() {
            "estimation" => *heard = format!("{} calls come before this one", self.rank),
            "process_starts" => "it works on it".clone_into(heard),
            "process_completed" => return Some(completed(self.success, self.output)),
            "unexpected_error" => return Some(Err(SpaceError::Failed(text(&self.message)))),
            "close_stream" => {
                return Some(Err(SpaceError::Failed("it ended the call without a result".to_owned())));
            }
            _ => {}
        }
        None
    }
}

fn completed(success: bool, mut output: Value) -> Result<Vec<Value>, SpaceError> {
    match output.get_mut("data").map(Value::take) {
        Some(Value::Array(data)) if success => Ok(data),
        _ => Err(SpaceError::Failed(text(output.get("error").unwrap_or(&Value::Null)))),
    }
}

fn text(message: &Value) -> String {
    // Apps hide the cause unless they were started with `show_error`.
    message.as_str().map_or_else(|| "it does not say why".to_owned(), str::to_owned)
}

fn seen(outputs: Vec<Value>, hidden: &[bool]) -> Vec<Value> {
    let hidden = hidden.iter().copied().chain(std::iter::repeat(false));
    outputs.into_iter().zip(hidden).filter(|(_, is_hidden)| !is_hidden).map(|(output, _)| output).collect()
}

/// A name for this call that no other has: events are told by it.
fn session() -> String {
    use std::hash::{BuildHasher, RandomState};
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    // Its keys are random, so that nobody else can listen.
    format!("{:016x}{:016x}", RandomState::new().hash_one(now), RandomState::new().hash_one(now))
}
