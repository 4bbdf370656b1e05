//! The daemon of a machine, `envd`: its service `process.Process`, in the JSON form of the Connect protocol.

use super::{
    Plan,
    control::{self, Made, PING},
    envelope::{Envelopes, Message, seal},
};
use crate::{
    cloud::{ANSWER, Refusal, Secret, root_cause},
    worker::BOOTSTRAP,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::{Value, json};
use std::time::Duration;

/// The daemon's port inside a machine.
const PORT: u16 = 49983;

/// The domains whose machines are all reached at one address, as E2B's own libraries list them.
const SHARED: &[&str] = &[
    "e2b.app",
    "e2b.dev",
    "e2b.pro",
    "e2b-staging.dev",
    "e2b-tango.dev",
    "e2b-juliett.dev",
    "foxtrot-2.e2b.dev",
];

/// From this version on, a template may say who runs processes; before, it is always the one called `user`.
const OWN_USER: (u32, u32) = (0, 4);

/// How long the daemon may take to say that it is alive.
const HEALTH: Duration = Duration::from_secs(5);

/// How much input is sent at once, in bytes.
const PIECE: usize = 1 << 20;

/// The daemon of one machine.
#[derive(Clone)]
pub(super) struct Envd {
    client: Client,
    base: String,
    headers: HeaderMap,
    token: Secret,
}

/// What a process says.
pub(super) enum Event {
    Started(u64),
    Output(Vec<u8>),
    Errors(Vec<u8>),
    Ended(String),
    /// Nothing of note, such as a sign of life.
    Other,
}

/// The stream of a process's events.
pub(super) struct Events {
    response: Response,
    envelopes: Envelopes,
    envd: Envd,
}

impl Envd {
    pub(super) fn of(client: Client, made: &Made, plan: &Plan) -> Result<Self, Refusal> {
        let domain = made.domain.as_deref().filter(|domain| !domain.is_empty()).unwrap_or(&plan.domain);
        let base = match &plan.sandbox_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if SHARED.contains(&domain) => format!("https://sandbox.{domain}"),
            None => format!("https://{PORT}-{}.{domain}", made.id),
        };
        let token = Secret::new(made.access_token.clone().unwrap_or_default());
        let headers = headers(made, &token).ok_or_else(|| Refusal::new("E2B's reply is no machine", ""))?;
        Ok(Self { client, base, headers, token })
    }

    fn post(&self, method: &str, kind: &'static str) -> RequestBuilder {
        let url = format!("{}/process.Process/{method}", self.base);
        let request = self.client.post(url).headers(self.headers.clone());
        request.header(CONTENT_TYPE, kind).header("Connect-Protocol-Version", "1")
    }

    /// Starts a Python with the bootstrap. By way of a login shell, as E2B's own libraries do, so that it is the one that
    /// the template's user would get.
    pub(super) async fn start(&self) -> Result<(u64, Events), String> {
        let process = json!({
            "cmd": "/bin/bash",
            "args": ["-l", "-c", "exec python3 -s -c \"$0\"", BOOTSTRAP],
            "envs": Value::from_iter(crate::worker::ENVIRONMENT),
        });
        let request = self.post("Start", "application/connect+json").header("Keepalive-Ping-Interval", PING);
        let message = seal(&json!({ "process": process, "stdin": true }));
        let response = request.body(message).send().await.map_err(|error| self.unsent(&error))?;
        let response = self.accepted(response).await?;
        let mut events = Events { response, envelopes: Envelopes::default(), envd: self.clone() };
        loop {
            match events.next().await? {
                Event::Started(process) => return Ok((process, events)),
                Event::Other => {}
                Event::Ended(how) => return Err(how),
                Event::Output(_) | Event::Errors(_) => {
                    return Err("it spoke before it was started".to_owned());
                }
            }
        }
    }

    /// Writes to a process's input.
    pub(super) async fn write(&self, process: u64, bytes: &[u8]) -> Result<(), String> {
        for piece in bytes.chunks(PIECE) {
            let input = json!({ "stdin": STANDARD.encode(piece) });
            let message = json!({ "process": { "pid": process }, "input": input });
            let request = self.post("SendInput", "application/json").timeout(ANSWER);
            let sent = request.body(message.to_string()).send().await;
            self.accepted(sent.map_err(|error| self.unsent(&error))?).await?;
        }
        Ok(())
    }

    /// Why nothing more comes, given what the connection says: whether the machine is there at all says more.
    pub(super) async fn explain(&self, cause: String) -> String {
        let asked = self.client.get(format!("{}/health", self.base)).headers(self.headers.clone());
        match asked.timeout(HEALTH).send().await.map(|response| response.status()) {
            Ok(StatusCode::BAD_GATEWAY | StatusCode::NOT_FOUND) => {
                format!("its E2B machine is gone: it was ended, or its time was up ({cause})")
            }
            _ => cause,
        }
    }

    async fn accepted(&self, response: Response) -> Result<Response, String> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = control::read(response).await.unwrap_or_default();
        Err(self.token.strike_out(&format!("its E2B machine answered {status}: {}", control::message(&body))))
    }

    fn unsent(&self, error: &reqwest::Error) -> String {
        format!("its E2B machine does not answer: {}", root_cause(error))
    }
}

fn headers(made: &Made, token: &Secret) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert("E2b-Sandbox-Id", HeaderValue::from_str(&made.id).ok()?);
    headers.insert("E2b-Sandbox-Port", HeaderValue::from(PORT));
    if made.access_token.is_some() {
        let mut value = HeaderValue::from_str(token.expose()).ok()?;
        value.set_sensitive(true);
        headers.insert("X-Access-Token", value);
    }
    if version(&made.envd_version)? < OWN_USER {
        headers.insert(AUTHORIZATION, HeaderValue::from_static("Basic dXNlcjo="));
    }
    Some(headers)
}

/// The first two parts of a version.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

impl Events {
    /// The next event. An error says that there are no more.
    pub(super) async fn next(&mut self) -> Result<Event, String> {
        loop {
            match self.envelopes.next()? {
                Some(Message::One(message)) => return event(&message),
                Some(Message::Last(error)) => {
                    return Err(error.unwrap_or_else(|| "its events ended before it did".to_owned()));
                }
                None => {}
            }
            let piece = self.response.chunk().await.map_err(|error| self.envd.unsent(&error))?;
            match piece {
                Some(piece) => self.envelopes.push(&piece),
                None => return Err("its connection to E2B was closed".to_owned()),
            }
        }
    }
}

fn event(message: &Value) -> Result<Event, String> {
    let part = |path: &str| message.pointer(path);
    let bytes = |text: &Value| {
        let decoded = text.as_str().and_then(|text| STANDARD.decode(text).ok());
        decoded.ok_or_else(|| "it sent output that cannot be read".to_owned())
    };
    if let Some(text) = part("/event/data/stdout") {
        return bytes(text).map(Event::Output);
    }
    if let Some(text) = part("/event/data/stderr") {
        return bytes(text).map(Event::Errors);
    }
    if let Some(process) = part("/event/start/pid").and_then(Value::as_u64) {
        return Ok(Event::Started(process));
    }
    let Some(end) = part("/event/end") else { return Ok(Event::Other) };
    let said = ["error", "status"].iter().find_map(|name| end.get(name)?.as_str());
    Ok(Event::Ended(format!("its process ended ({})", said.unwrap_or("it does not say how"))))
}
