//! The HTTP transport of the protocol's first versions: one stream of events, whose first names the address that
//! requests are posted to, and whose others are the answers. `rmcp` has dropped it; servers have not.

use super::plain;
use crate::McpError;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use reqwest::{Client, Response, Url, header::HeaderMap};
use rmcp::{
    service::{RoleClient, RxJsonRpcMessage, TxJsonRpcMessage},
    transport::Transport,
};
use sse_stream::{Sse, SseStream};
use std::{io, time::Duration};

/// Bytes of one event: as much as over other transports.
const LARGEST_EVENT: usize = 16 * 1024 * 1024;
/// How long the first event may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct LegacySse {
    client: Client,
    headers: HeaderMap,
    post: Url,
    events: BoxStream<'static, io::Result<Sse>>,
}

impl LegacySse {
    pub(super) async fn open(
        server: &str,
        client: Client,
        url: &str,
        headers: HeaderMap,
    ) -> Result<Self, McpError> {
        let failed = |cause: String| {
            let (server, url) = (server.to_owned(), url.to_owned());
            McpError::Unreachable { server, url, cause }
        };
        let request = client.get(url).headers(headers.clone()).header("accept", "text/event-stream");
        let response = request.send().await.map_err(|error| failed(chain(&error)))?;
        if response.status() == reqwest::StatusCode::UNAUTHORIZED {
            let hint = "give its key as a header".to_owned();
            return Err(McpError::Unauthorized { server: server.to_owned(), url: url.to_owned(), hint });
        }
        let response = response.error_for_status().map_err(|error| failed(error.to_string()))?;
        let base = response.url().clone();
        let mut events = events(response);
        let first = tokio::time::timeout(PATIENCE, endpoint(&mut events)).await;
        let address = first.ok().flatten().and_then(|address| base.join(&address).ok());
        // Requests carry our headers: they go to nobody but the server that was named.
        let post = address.filter(|post| post.origin() == base.origin()).ok_or_else(|| McpError::NotMcp {
            server: server.to_owned(),
            fault: "its stream does not begin with an address of its own to post to".to_owned(),
            stderr: String::new(),
        })?;
        Ok(Self { client, headers, post, events })
    }
}

/// The address that the event `endpoint` names.
async fn endpoint(events: &mut BoxStream<'static, io::Result<Sse>>) -> Option<String> {
    while let Some(Ok(event)) = events.next().await {
        if event.event.as_deref() == Some("endpoint") {
            return event.data;
        }
    }
    None
}

/// The events of a response. One that is larger than it may be ends them.
fn events(response: Response) -> BoxStream<'static, io::Result<Sse>> {
    let mut since_event = 0;
    let bytes = response.bytes_stream().map_err(io::Error::other).map(move |bytes| {
        let bytes = bytes?;
        let ends = bytes.windows(2).rposition(|pair| pair == b"\n\n" || pair == b"\n\r");
        since_event = ends.map_or(since_event + bytes.len(), |end| bytes.len() - end);
        if since_event > LARGEST_EVENT { Err(io::Error::other("an event is too large")) } else { Ok(bytes) }
    });
    SseStream::from_bytes_stream(bytes).map_err(io::Error::other).boxed()
}

impl Transport<RoleClient> for LegacySse {
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let request = self.client.post(self.post.clone()).headers(self.headers.clone()).json(&message);
        async move {
            let response = request.send().await.map_err(|error| io::Error::other(chain(&error)))?;
            response.error_for_status().map_err(io::Error::other)?;
            Ok(())
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        loop {
            let event = self.events.next().await?.ok()?;
            let is_message = matches!(event.event.as_deref(), None | Some("" | "message"));
            let data = event.data.filter(|_| is_message).unwrap_or_default();
            match serde_json::from_str(&data) {
                Ok(message) => return Some(message),
                Err(error) if is_message => {
                    tracing::debug!(%error, data = plain(&data, 200), "an event is no message");
                }
                Err(_) => {}
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.events = futures::stream::empty().boxed();
        Ok(())
    }
}

/// An error with what caused it: `reqwest` says only where it happened.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}
