//! A server of exact bytes: it answers requests in order from a list, and remembers them.

use futures::StreamExt;
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role},
    model::{Model, ModelError, Reply, Request, complete},
};
use smol_models::openai::OpenAiModel;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// What to write, and what to do with the connection then.
pub(crate) struct Answer {
    pieces: Vec<Vec<u8>>,
    then: Then,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    KeepAlive,
    Close,
    Hang,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
        Self { pieces: vec![head.into_bytes(), body.as_bytes().to_vec()], then: Then::KeepAlive }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::new(200, "content-type: application/json\r\n", &body.to_string())
    }

    /// A stream whose pieces come as network chunks of their own.
    pub(crate) fn stream<P: AsRef<[u8]>>(body: impl IntoIterator<Item = P>) -> Self {
        let mut answer = Self::unfinished(body);
        answer.pieces.push(b"0\r\n\r\n".to_vec());
        Self { then: Then::KeepAlive, ..answer }
    }

    /// A stream that is cut off in the middle.
    pub(crate) fn unfinished<P: AsRef<[u8]>>(body: impl IntoIterator<Item = P>) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = |piece: P| {
            let piece = piece.as_ref();
            [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
        };
        let pieces = std::iter::once(head.as_bytes().to_vec()).chain(body.into_iter().map(chunk)).collect();
        Self { pieces, then: Then::Close }
    }

    /// A stream whose end is the end of the connection.
    pub(crate) fn until_close(body: &str) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        Self { pieces: vec![head.into(), body.into()], then: Then::Close }
    }

    /// Nothing, and the connection stays open.
    pub(crate) fn silence() -> Self {
        Self { pieces: Vec::new(), then: Then::Hang }
    }

    /// Stays open, and sends no more.
    pub(crate) fn then_silence(mut self) -> Self {
        self.then = Then::Hang;
        self
    }
}

/// The event of a chunk.
pub(crate) fn event(chunk: &Value) -> String {
    format!("data: {chunk}\n\n")
}

/// The event of a chunk of text.
pub(crate) fn text(text: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]}))
}

/// The events that end a reply.
pub(crate) fn end() -> String {
    event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})) + "data: [DONE]\n\n"
}

#[derive(Default)]
struct Log {
    answers: std::collections::VecDeque<Answer>,
    requests: Vec<(String, Value)>,
    connections: usize,
    closed: usize,
}

pub(crate) struct Server {
    pub(crate) url: String,
    log: Arc<Mutex<Log>>,
}

impl Server {
    pub(crate) fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log { answers: answers.into_iter().collect(), ..Log::default() }));
        let shared = log.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let log = shared.clone();
                log.lock().unwrap().connections += 1;
                std::thread::spawn(move || serve(connection.unwrap(), &log));
            }
        });
        Self { url, log }
    }

    /// Head and body of every request so far.
    pub(crate) fn requests(&self) -> Vec<(String, Value)> {
        self.log.lock().unwrap().requests.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    /// Waits until the client has closed a connection.
    pub(crate) async fn wait_for_close(&self) {
        while self.log.lock().unwrap().closed == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// A model of this server. What it cannot do at once it does not do again.
    pub(crate) fn model(&self, name: &str) -> OpenAiModel {
        OpenAiModel::new(name).api_base(&self.url).retries(0)
    }
}

fn serve(mut connection: TcpStream, log: &Mutex<Log>) {
    connection.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    while let Some(request) = read_request(&mut reader) {
        let answer = {
            let mut log = log.lock().unwrap();
            log.requests.push(request);
            log.answers.pop_front()
        };
        let Some(answer) = answer else { break };
        for piece in &answer.pieces {
            if connection.write_all(piece).and_then(|()| connection.flush()).is_err() {
                break;
            }
        }
        match answer.then {
            Then::KeepAlive => {}
            Then::Close => break,
            Then::Hang => {
                let _ = reader.read(&mut [0]);
                break;
            }
        }
    }
    log.lock().unwrap().closed += 1;
    let _ = connection.shutdown(std::net::Shutdown::Both);
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, Value)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.to_lowercase().split_once("content-length: ")?.1.split_once("\r\n")?.0.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, serde_json::from_slice(&body).ok()?))
}

pub(crate) fn question() -> Request {
    Request::new(vec![Message::new(Role::User, "hello")])
}

pub(crate) async fn ask(model: &OpenAiModel) -> Result<Reply, ModelError> {
    complete(model, question()).await
}

/// The texts of the reply to `request`, as they came, and the error that ended it.
pub(crate) async fn texts(model: &OpenAiModel, request: Request) -> (Vec<String>, Option<ModelError>) {
    let (mut texts, mut error) = (Vec::new(), None);
    let mut deltas = model.stream(request);
    while let Some(delta) = deltas.next().await {
        match delta {
            Ok(smol_core::model::Delta::Text(text)) => texts.push(text),
            Ok(_) => {}
            Err(found) => error = Some(found),
        }
    }
    (texts, error)
}
