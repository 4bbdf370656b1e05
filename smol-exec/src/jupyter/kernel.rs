//! A kernel as a place for a worker: made by REST, spoken to over one websocket that stays open as long as it does.

use super::{
    farewell::{self, Farewells, Remote},
    messages::{self, Said},
    site::Site,
};
use crate::{
    guest::MAX_FRAME,
    worker::{Channel, Lines, Piece},
};
use futures::{SinkExt, StreamExt, future};
use reqwest::{Method, Upgraded, header};
use serde::Deserialize;
use serde_json::json;
use smol_core::exec::ExecError;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, handshake,
        protocol::{Role, WebSocketConfig},
    },
};

/// How long a server may take to start a kernel, and then until the kernel answers.
const START: Duration = Duration::from_secs(120);

/// The largest piece of a line that is typed at once, in bytes: servers take 10 MiB in one message.
const TYPED: usize = 1 << 20;

/// How many pieces wait here before the server must.
const WAITING: usize = 64;

/// A kernel that runs the guest program.
pub(crate) struct Kernel {
    id: String,
    typed: u64,
    outgoing: mpsc::UnboundedSender<Message>,
    incoming: mpsc::Receiver<Piece>,
    /// Moves messages also while nobody listens, because a server pings. Ends with this.
    _pump: JoinSet<()>,
    /// After the connection, so that it is deleted when nobody speaks to it any more.
    _remote: Remote,
}

type Socket = WebSocketStream<Upgraded>;

impl Kernel {
    /// Starts a kernel at `site` and the guest program in it. If the machine `below` it is ours, that ends with it, else the
    /// kernel alone.
    pub(crate) async fn start(
        site: Site,
        farewells: Arc<Farewells>,
        below: Option<Remote>,
    ) -> Result<Self, ExecError> {
        let gone = |error: tokio::task::JoinError| site.error(error.to_string(), "");
        let (id, remote) = farewell::make(create(site.clone(), farewells, below), gone).await?;
        let socket = connect(&site, &id).await?;
        let (outgoing, to_send) = mpsc::unbounded_channel();
        let (received, incoming) = mpsc::channel(WAITING);
        let mut pump = JoinSet::new();
        pump.spawn(move_messages(socket, (outgoing.clone(), to_send), received, id.clone()));
        // It can only fail if the connection has ended, which then shows as such.
        let _ = outgoing.send(Message::text(messages::cell(&id)));
        Ok(Self { id, typed: 0, outgoing, incoming, _pump: pump, _remote: remote })
    }

    /// How it ended, once it has.
    async fn end(&mut self) -> String {
        loop {
            if let Piece::Ended(how) = self.next().await {
                return how;
            }
        }
    }
}

#[derive(Deserialize)]
struct Created {
    id: String,
}

async fn create(
    site: Site,
    farewells: Arc<Farewells>,
    below: Option<Remote>,
) -> Result<(String, Remote), ExecError> {
    let created: Created = site.ask(Method::POST, "/api/kernels", &json!({}), START).await?;
    let id = created.id;
    // It becomes part of paths.
    if id.is_empty()
        || id.len() > 64
        || !id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    {
        return Err(site.error("its server gave a kernel an id that is none", ""));
    }
    let remote = below.unwrap_or_else(|| Remote::new(&site, format!("/api/kernels/{id}"), &farewells));
    Ok((id, remote))
}

/// Opens the websocket over the same client as any request: RFC 6455, section 4.1.
async fn connect(site: &Site, id: &str) -> Result<Socket, ExecError> {
    let key = handshake::client::generate_key();
    let request = site
        .request(Method::GET, &format!("/api/kernels/{id}/channels?session_id={id}"))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key);
    let slow = |_| site.error(format!("the kernel did not answer within {} s", START.as_secs()), "");
    let response = tokio::time::timeout(START, site.send(request)).await.map_err(slow)??;
    let accepted = response.headers().get(header::SEC_WEBSOCKET_ACCEPT).map(|value| value.as_bytes());
    if accepted != Some(handshake::derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err(site.error("its server opened no websocket to the kernel", ""));
    }
    let stream = response.upgrade().await.map_err(|error| site.unreachable(error))?;
    // Within a message a frame's quotes are quoted again.
    let largest = Some(2 * MAX_FRAME + (1 << 20));
    let config = WebSocketConfig::default().max_message_size(largest).max_frame_size(largest);
    Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await)
}

/// Moves messages both ways until either side ends.
async fn move_messages(
    socket: Socket,
    (outgoing, mut to_send): (mpsc::UnboundedSender<Message>, mpsc::UnboundedReceiver<Message>),
    received: mpsc::Sender<Piece>,
    id: String,
) {
    let (mut sink, mut stream) = socket.split();
    let sending = async {
        while let Some(message) = to_send.recv().await {
            if sink.send(message).await.is_err() {
                // Reading tells how it ended.
                future::pending::<()>().await;
            }
        }
    };
    let reading = async {
        let mut lines = Lines::default();
        loop {
            let said = match stream.next().await {
                Some(Ok(Message::Text(text))) => messages::read(&text, &id),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(_)) | None => Said::Ended("its server closed the connection".to_owned()),
                Some(Err(error)) => Said::Ended(format!("the connection to its server ended: {error}")),
            };
            // A server that puts small messages together waits for the last one to be acknowledged, which systems delay
            // by 40 ms, unless something is sent: RFC 6455, section 5.5.3, allows this any time.
            let _ = outgoing.send(Message::Pong(Default::default()));
            if !hand_on(said, &mut lines, &received).await {
                break;
            }
        }
    };
    future::select(pin!(sending), pin!(reading)).await;
}

/// Hands on what was said. False once nothing more is to come.
async fn hand_on(said: Said, lines: &mut Lines, received: &mpsc::Sender<Piece>) -> bool {
    let (piece, goes_on) = match said {
        Said::Other => return true,
        Said::Printed(text) => (Some(Piece::Printed(text)), true),
        Said::Ended(how) => (Some(Piece::Ended(how)), false),
        Said::Frames(text) => {
            lines.push(text.as_bytes());
            (None, true)
        }
    };
    for piece in std::iter::from_fn(|| lines.next()).chain(piece) {
        if received.send(piece).await.is_err() {
            return false;
        }
    }
    goes_on
}

#[async_trait::async_trait]
impl Channel for Kernel {
    async fn send(&mut self, mut line: String) -> Result<(), String> {
        line.push('\n');
        let mut rest = line.as_str();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(TYPED));
            rest = after;
            self.typed += 1;
            let message = Message::text(messages::typed(&self.id, self.typed, piece));
            if self.outgoing.send(message).is_err() {
                return Err(self.end().await);
            }
        }
        Ok(())
    }

    async fn next(&mut self) -> Piece {
        let ended = || Piece::Ended("the connection to its kernel has ended".to_owned());
        self.incoming.recv().await.unwrap_or_else(ended)
    }
}
