//! Traffic recorded once and replayed for ever: tests of what a real service says, without the service.
//!
//! A cassette is a file of JSON lines, one for each request and its reply. Replayed, a request is answered only if its
//! address and its body are those of a recording that has not been used yet, so a test fails when what is sent changes.
//! Keys never get into the file: of the headers only the reply's are kept, and whatever else holds a secret is masked.

use reqwest::{Body, Response, Url, header::HeaderMap};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Headers of a reply that say how to read it, or when to ask again.
const KEPT: [&str; 4] = ["content-type", "location", "retry-after", "retry-after-ms"];

/// A recording, or where one is being made.
#[derive(Debug)]
pub struct Cassette {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Recording(File),
    /// What was recorded and not been asked for yet.
    Replaying(Vec<Exchange>),
}

/// A request and its reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Exchange {
    url: String,
    request: Value,
    status: u16,
    headers: Vec<(String, String)>,
    /// The body as it came, network chunk by chunk; bytes that are no UTF-8 are Latin-1 letters under `binary`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    chunks: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    binary: Vec<String>,
}

/// Why a cassette does not play.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CassetteError {
    /// The file cannot be read or written.
    #[error("the cassette `{path}` cannot be used: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line of the file is no recording.
    #[error("line {line} of the cassette `{path}` is no recording: {source}\n\nhint: record it again")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl Cassette {
    /// Records into the file at `path`, in the place of what was there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref().to_owned();
        let file = OpenOptions::new().create(true).write(true).truncate(true).open(&path);
        let file = file.map_err(|source| CassetteError::File { path: path.clone(), source })?;
        Ok(Self { path, state: Mutex::new(State::Recording(file)) })
    }

    /// Replays what the file at `path` holds; no service is asked.
    ///
    /// # Errors
    /// The file cannot be read, or is no cassette.
    pub fn replay(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref().to_owned();
        let text = fs::read_to_string(&path);
        let text = text.map_err(|source| CassetteError::File { path: path.clone(), source })?;
        let exchange = |(line, text): (usize, &str)| {
            serde_json::from_str(text).map_err(|source| CassetteError::Line {
                path: path.clone(),
                line: line + 1,
                source,
            })
        };
        let exchanges = text.lines().enumerate().map(exchange).collect::<Result<_, _>>()?;
        Ok(Self { path, state: Mutex::new(State::Replaying(exchanges)) })
    }

    /// How many recorded replies nobody has asked for.
    pub fn unused(&self) -> usize {
        match &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Recording(_) => 0,
            State::Replaying(left) => left.len(),
        }
    }

    /// The recorded reply to this request. `None`: the cassette records, and the service is to be asked.
    pub(crate) fn find(&self, url: &Url, request: &Value) -> Option<Result<Response, String>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Replaying(left) = &mut *state else { return None };
        let url = shown(url);
        let found = left.iter().position(|exchange| exchange.url == url && exchange.request == *request);
        Some(match found {
            Some(index) => left.remove(index).response(),
            None => Err(self.mismatch(left, &url, request)),
        })
    }

    /// What is different in the recording that comes next.
    fn mismatch(&self, left: &[Exchange], url: &str, request: &Value) -> String {
        let path = self.path.display();
        let Some(next) = left.first() else {
            return format!("the cassette `{path}` has no recording left for a request to `{url}`");
        };
        let place = if next.url == url {
            difference(&next.request, request, String::new())
        } else {
            format!("its address is `{}`", next.url)
        };
        format!(
            "the cassette `{path}` has no recording of this request to `{url}`; the next one differs: {place}"
        )
    }

    /// Reads the whole reply, keeps it, and gives it back as it came. `mask` takes secrets out of a text.
    pub(crate) async fn keep(
        &self,
        url: &Url,
        request: &Value,
        mut reply: Response,
        mask: impl Fn(String) -> String,
    ) -> Result<Response, String> {
        let (status, headers) = (reply.status().as_u16(), kept(reply.headers()));
        let mut exchange = Exchange {
            url: shown(url),
            request: request.clone(),
            status,
            headers,
            chunks: Vec::new(),
            binary: Vec::new(),
        };
        let mut chunks = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(|error| error.without_url().to_string())? {
            chunks.push(chunk.to_vec());
        }
        exchange.set_chunks(chunks);
        let line = mask(serde_json::to_string(&exchange).map_err(|error| error.to_string())?);
        if let State::Recording(file) = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            writeln!(file, "{line}").map_err(|error| format!("`{}`: {error}", self.path.display()))?;
        }
        exchange.response()
    }
}

impl Exchange {
    fn set_chunks(&mut self, chunks: Vec<Vec<u8>>) {
        let texts: Result<Vec<String>, _> = chunks.iter().cloned().map(String::from_utf8).collect();
        match texts {
            Ok(texts) => self.chunks = texts,
            Err(_) => {
                self.binary =
                    chunks.iter().map(|chunk| chunk.iter().copied().map(char::from).collect()).collect();
            }
        }
    }

    fn response(self) -> Result<Response, String> {
        let latin = |text: String| text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect();
        let texts = self.chunks.into_iter().map(String::into_bytes);
        let chunks: Vec<Vec<u8>> = texts.chain(self.binary.into_iter().map(latin)).collect();
        let mut reply = http::Response::builder().status(self.status);
        for (name, value) in self.headers {
            reply = reply.header(name, value);
        }
        let body = Body::wrap_stream(futures::stream::iter(chunks.into_iter().map(Ok::<_, io::Error>)));
        reply.body(body).map(Response::from).map_err(|error| error.to_string())
    }
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let value =
        |name: &str| headers.get(name)?.to_str().ok().map(|value| (name.to_owned(), value.to_owned()));
    KEPT.into_iter().filter_map(value).collect()
}

/// The address without its query, where keys may be, and without a name or password.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    let _ = (url.set_username(""), url.set_password(None));
    url.into()
}

/// The first place where two bodies differ.
fn difference(recorded: &Value, sent: &Value, place: String) -> String {
    match (recorded, sent) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            let mut pairs = keys.map(|key| (key, one.get(key), other.get(key)));
            let Some((key, one, other)) = pairs.find(|(_, one, other)| one != other) else { return place };
            let (one, other) = (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null));
            difference(one, other, format!("{place}/{key}"))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            let Some((at, (one, other))) = pairs.find(|(_, (one, other))| one != other) else { return place };
            difference(one, other, format!("{place}/{at}"))
        }
        _ => {
            let short = |value: &Value| crate::remote::shorten(&value.to_string());
            format!("at `{place}` it has `{}`, not `{}`", short(recorded), short(sent))
        }
    }
}
