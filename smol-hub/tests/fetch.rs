//! Fetching from a Hub on this machine: what arrives, what is refused, and what is kept.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use smol_hub::{File, Hub, HubError, Progress};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
};
use tempfile::TempDir;

const BODY: &[u8] = b"weights";
const SHA256: &str = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c";

/// A server that answers each path with fixed bytes, and keeps the requests it got.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: &[(&str, String)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers = answers.iter().map(|(path, answer)| ((*path).to_owned(), answer.clone())).collect();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || listener.incoming().for_each(|stream| answer(stream.unwrap(), &answers, &log)));
        Self { address, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, answers: &HashMap<String, String>, log: &Mutex<Vec<String>>) {
    let lines = BufReader::new(&stream).lines().map(Result::unwrap);
    let request = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let path = request.split(' ').nth(1).unwrap().to_owned();
    log.lock().unwrap().push(request);
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
    stream.write_all(answers.get(&path).unwrap_or(&missing).as_bytes()).unwrap();
}

/// An answer with `length` in its header and `BODY` as its body.
fn body(length: usize) -> String {
    let body = String::from_utf8_lossy(BODY);
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn hub(server: &Server) -> (TempDir, Hub) {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_owned();
    (
        folder,
        Hub {
            endpoint: server.address.clone(),
            token: None,
            offline: false,
            shared: cache.join("shared"),
            cache,
        },
    )
}

fn file(path: &str) -> File {
    File {
        repo: "owner/name".to_owned(),
        revision: "main".to_owned(),
        path: path.to_owned(),
        size: BODY.len() as u64,
        sha256: SHA256.to_owned(),
    }
}

const PATH: &str = "/owner/name/resolve/main/a.gguf";

fn files_in(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>());
    let entries = entries.unwrap_or_default().into_iter();
    entries
        .flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path.display().to_string()] })
        .collect()
}

#[tokio::test]
async fn a_file_is_fetched_once() {
    let server = Server::start(&[(PATH, body(BODY.len()))]);
    let (_folder, hub) = hub(&server);
    let steps = Mutex::new(Vec::new());
    let path = hub.fetch(&file("a.gguf"), |step| steps.lock().unwrap().push(step)).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), BODY);
    assert_eq!(path, hub.cache.join("models/owner--name/main/a.gguf"));
    let whole = BODY.len() as u64;
    assert_eq!(steps.lock().unwrap().last(), Some(&Progress { received: whole, total: whole }));
    assert_eq!(hub.fetch(&file("a.gguf"), |_| panic!("nothing should arrive")).await.unwrap(), path);
    assert_eq!(server.requests().len(), 1);
    // A file of another length cannot be the one that was checked.
    fs::write(&path, b"half").unwrap();
    hub.fetch(&file("a.gguf"), |_| ()).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), BODY);
}

#[tokio::test]
async fn the_token_goes_to_the_hub_alone() {
    let storage = Server::start(&[("/blob", body(BODY.len()))]);
    // The same machine under another name is another host.
    let elsewhere = storage.address.replace("127.0.0.1", "localhost") + "/blob";
    let server = Server::start(&[(PATH, redirect(&elsewhere))]);
    let (_folder, mut hub) = hub(&server);
    hub.token = Some("secret".into());
    hub.fetch(&file("a.gguf"), |_| ()).await.unwrap();
    assert!(server.requests()[0].contains("Bearer secret"));
    assert!(!storage.requests()[0].contains("secret"));
}

/// Fetching from a Hub that answers like this must fail so, and keep nothing.
async fn check(answer: Option<String>, is_expected: impl Fn(&HubError) -> bool) {
    let answers = answer.map(|answer| (PATH, answer));
    let server = Server::start(answers.as_slice());
    let (_folder, hub) = hub(&server);
    let error = hub.fetch(&file("a.gguf"), |_| ()).await.unwrap_err();
    assert!(is_expected(&error), "{error:?}");
    assert!(error.to_string().contains("a.gguf") && error.to_string().contains("\n\nhint: "), "{error}");
    assert_eq!(files_in(&hub.cache), Vec::<String>::new());
}

#[tokio::test]
async fn what_arrives_wrong_is_not_kept() {
    check(None, |error| matches!(error, HubError::Status { status: 404, .. })).await;
    check(Some(body(BODY.len() + 1)), |error| matches!(error, HubError::Unreachable { .. })).await;
    check(Some(body(BODY.len() - 1)), |error| {
        matches!(error, HubError::Length { expected: 7, found: 6, .. })
    })
    .await;
    let other = body(BODY.len()).replace("weights", "Weights");
    check(Some(other), |error| matches!(error, HubError::Checksum { expected, .. } if expected == SHA256))
        .await;
    let longer = body(BODY.len() + 2).replace("weights", "weights!!");
    check(Some(longer), |error| matches!(error, HubError::Length { expected: 7, found: 9, .. })).await;
}

#[tokio::test]
async fn offline_asks_nobody() {
    let server = Server::start(&[(PATH, body(BODY.len()))]);
    let (_folder, mut hub) = hub(&server);
    hub.fetch(&file("a.gguf"), |_| ()).await.unwrap();
    hub.offline = true;
    hub.fetch(&file("a.gguf"), |_| ()).await.unwrap();
    let error = hub.fetch(&file("b.gguf"), |_| ()).await.unwrap_err();
    assert!(matches!(error, HubError::Offline { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn nobody_there_is_an_error() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server { address: format!("http://{free}"), requests: Arc::default() };
    let (_folder, hub) = hub(&server);
    let error = hub.fetch(&file("a.gguf"), |_| ()).await.unwrap_err();
    assert!(matches!(&error, HubError::Unreachable { cause, .. } if cause.contains("refused")), "{error:?}");
}
