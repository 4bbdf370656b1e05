//! Calls of gRPC: a channel, a path, a message. There are a dozen of them, so no code is generated.

use crate::cloud::{CONNECT, root_cause};
use prost::Message;
use std::time::Duration;
use tonic::{
    Code, Request, Response, Status, Streaming,
    client::Grpc,
    codegen::http::uri::PathAndQuery,
    metadata::MetadataMap,
    transport::{Channel, ClientTlsConfig, Endpoint},
};
use tonic_prost::ProstCodec;

/// How often a connection is asked whether it is alive.
const PING: Duration = Duration::from_secs(30);

/// The largest reply, in bytes.
const LARGEST: usize = 16 << 20;

/// Where a server is, with connections made on first use.
pub(super) fn channel(url: &str) -> Result<Channel, Status> {
    let wrong = |error: tonic::transport::Error| Status::invalid_argument(root_cause(&error));
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(wrong)?;
    let endpoint = match url.starts_with("https:") {
        true => endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(wrong)?,
        false => endpoint,
    };
    let endpoint =
        endpoint.connect_timeout(CONNECT).http2_keep_alive_interval(PING).keep_alive_while_idle(true);
    Ok(endpoint.connect_lazy())
}

/// One message there, one back.
pub(super) async fn unary<Q, R>(
    channel: &Channel,
    path: &'static str,
    metadata: MetadataMap,
    message: Q,
    limit: Duration,
) -> Result<R, Status>
where
    Q: Message + 'static,
    R: Message + Default + 'static,
{
    let mut grpc = ready(channel).await?;
    let mut request = request(metadata, message);
    request.set_timeout(limit);
    let called = grpc.unary(request, PathAndQuery::from_static(path), ProstCodec::default());
    let late = |_| Err(Status::deadline_exceeded("it does not answer"));
    tokio::time::timeout(limit, called).await.unwrap_or_else(late).map(Response::into_inner)
}

/// One message there, many back.
pub(super) async fn stream<Q, R>(
    channel: &Channel,
    path: &'static str,
    metadata: MetadataMap,
    message: Q,
) -> Result<Streaming<R>, Status>
where
    Q: Message + 'static,
    R: Message + Default + 'static,
{
    let mut grpc = ready(channel).await?;
    let request = request(metadata, message);
    let called = grpc.server_streaming(request, PathAndQuery::from_static(path), ProstCodec::default());
    called.await.map(Response::into_inner)
}

async fn ready(channel: &Channel) -> Result<Grpc<Channel>, Status> {
    let mut grpc = Grpc::new(channel.clone()).max_decoding_message_size(LARGEST);
    grpc.ready().await.map_err(|error| Status::unavailable(root_cause(&error)))?;
    Ok(grpc)
}

fn request<Q>(metadata: MetadataMap, message: Q) -> Request<Q> {
    let mut request = Request::new(message);
    *request.metadata_mut() = metadata;
    request
}

/// Whether a call that failed like this may go well the next time.
pub(super) fn is_passing(status: &Status) -> bool {
    use Code::{Cancelled, DeadlineExceeded, Internal, Unavailable, Unknown};
    matches!(status.code(), Cancelled | DeadlineExceeded | Internal | Unavailable | Unknown)
}

/// What a failure says: of one that began below the protocol, what lies at its root.
pub(super) fn words(status: &Status) -> String {
    match std::error::Error::source(status) {
        Some(source) => root_cause(source),
        None if status.message().is_empty() => status.code().description().to_owned(),
        None => status.message().chars().take(500).collect(),
    }
}
