//! The streamable HTTP transport of the server.
//!
//! A server on this machine is reached by every web page that its user opens. So names it is not known by are refused
//! (a page may point its own name here), and so are pages of origins that were not named.

use super::{McpServer, ServeError};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Who may reach the server.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct HttpOptions {
    /// What requests must carry, as `Authorization: Bearer …`.
    pub token: Option<String>,
    /// Names, with or without a port, that it is reached by beside those of this machine.
    pub hosts: Vec<String>,
    /// Web pages that may use it, such as `https://app.example.org:443`.
    pub origins: Vec<String>,
}

impl McpServer {
    /// Serves `listener`'s address, at `/mcp`, until `stop` is ready.
    ///
    /// # Errors
    /// If nothing is offered, names clash, or the address can be reached from elsewhere and there is no token.
    pub async fn serve_http(
        self,
        listener: TcpListener,
        options: HttpOptions,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let address = listener.local_addr();
        let port = address.as_ref().map_or(0, SocketAddr::port);
        let shown = address.as_ref().map_or_else(|_| "?".to_owned(), ToString::to_string);
        if !address.is_ok_and(|address| address.ip().is_loopback()) && options.token.is_none() {
            return Err(ServeError::Open { address: shown });
        }
        let stopped = CancellationToken::new();
        let router = self.router(options, port, stopped.clone())?;
        let stop = async move {
            stop.await;
            stopped.cancel();
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop).await;
        serving.map_err(|cause| ServeError::Address { address: shown, cause })
    }

    fn router(
        self,
        options: HttpOptions,
        port: u16,
        stopped: CancellationToken,
    ) -> Result<Router, ServeError> {
        let handler = self.handler()?;
        // A page of the server itself is no stranger's.
        let own = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("http://{name}:{port}"));
        let mut config = StreamableHttpServerConfig::default()
            .with_allowed_origins(own.into_iter().chain(options.origins))
            .enforce_origin_validation()
            .with_cancellation_token(stopped);
        config.allowed_hosts.extend(options.hosts);
        let sessions = Arc::<LocalSessionManager>::default();
        let service = StreamableHttpService::new(move || Ok(handler.clone()), sessions, config);
        let token: Arc<Option<String>> = Arc::new(options.token);
        Ok(Router::new()
            .route_service("/mcp", service)
            .layer(middleware::from_fn_with_state(token, authorized)))
    }
}

async fn authorized(State(token): State<Arc<Option<String>>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    match &*token {
        Some(token) if !is_same(token, given) => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], "a token is wanted")
                .into_response()
        }
        _ => next.run(request).await,
    }
}

/// Compares in a time that tells nothing of where two texts differ.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
