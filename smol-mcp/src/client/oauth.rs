//! Signing in to remote servers by OAuth 2.1: a person says yes in a browser, which then comes back to an address of
//! this machine; or this program has a key of its own. The steps of the protocol are those of `rmcp`.

use super::{Host, ServerConfig, plain, tokens::Tokens};
use crate::McpError;
use rmcp::transport::{
    AuthError, AuthorizationManager, ClientCredentialsConfig, CredentialStore, JwtSigningAlgorithm,
    WWWAuthenticateParams,
    auth::{AuthorizationRequest, OAuthState},
};
use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes of the request that the browser comes back with.
const LARGEST_REQUEST: usize = 16 * 1024;

/// Is given a server's name and an address to open.
type Show = dyn Fn(&str, &str) + Send + Sync;

/// How a person signs in to servers that want it.
pub struct SignIn {
    show: Arc<Show>,
    folder: Option<PathBuf>,
    port: u16,
    metadata: Option<String>,
}

impl SignIn {
    /// `show` is given the server's name and an address, and has a person open it in a browser. It must not wait.
    pub fn new(show: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        Self { show: Arc::new(show), folder: None, port: 0, metadata: None }
    }

    /// Keeps keys in this folder, in files that only their owner may read. Without one they are forgotten with the
    /// connection.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The port of this machine that the browser comes back to, for services that want to know it beforehand. Any free
    /// one otherwise.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The `https` address of a document about this program, by which services know it without its being registered
    /// (a client ID metadata document).
    #[must_use]
    pub fn metadata(mut self, url: impl Into<String>) -> Self {
        self.metadata = Some(url.into());
        self
    }
}

/// Who this program is to a service, where that was settled beforehand.
#[derive(Clone)]
#[non_exhaustive]
pub enum ClientKey {
    /// It is registered under this id. A person signs in by it.
    Registered {
        /// The id.
        id: String,
        /// Its secret, if it has one.
        secret: Option<String>,
    },
    /// It signs in by itself, by a secret.
    Secret {
        /// The id.
        id: String,
        /// The secret.
        secret: String,
        /// What it wants to be allowed.
        scopes: Vec<String>,
    },
    /// It signs in by itself, by what it signs with a key (RFC 7523).
    PrivateKey {
        /// The id.
        id: String,
        /// The key, as PEM.
        pem: String,
        /// Such as `ES256` or `RS256`.
        algorithm: String,
        /// What it wants to be allowed.
        scopes: Vec<String>,
    },
}

/// Secrets are not shown.
impl fmt::Debug for ClientKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Registered { id, .. } | Self::Secret { id, .. } | Self::PrivateKey { id, .. }) = self;
        formatter.debug_struct("ClientKey").field("id", id).finish_non_exhaustive()
    }
}

/// What one server has given us, and what it last wanted.
pub(super) struct Account {
    tokens: Tokens,
    challenge: Mutex<Option<String>>,
}

impl Account {
    pub(super) fn new(config: &ServerConfig, host: &Host) -> Self {
        let folder = host.sign_in.as_ref().and_then(|sign_in| sign_in.folder.as_deref());
        Self { tokens: Tokens::new(folder, &config.reach().to_string()), challenge: Mutex::default() }
    }

    /// The server has refused us, with this header: there is a sign-in before the next session.
    pub(super) fn refused(&self, challenge: &str) {
        *self.challenge.lock().unwrap_or_else(PoisonError::into_inner) = Some(challenge.to_owned());
    }

    /// Who puts keys on requests: with what is kept, or after a sign-in.
    pub(super) async fn manager(
        &self,
        config: &ServerConfig,
        sign_in: &SignIn,
    ) -> Result<AuthorizationManager, McpError> {
        let challenge = self.challenge.lock().unwrap_or_else(PoisonError::into_inner).take();
        let url = config.reach().to_string();
        let failed = |error: AuthError| failed(config.name(), &error);
        let mut manager = AuthorizationManager::new(url.as_str()).await.map_err(failed)?;
        manager.set_credential_store(self.tokens.clone());
        let Some(challenge) = challenge else {
            // Without what is kept, the server's refusal begins the sign-in.
            if let Err(error) = manager.initialize_from_store().await {
                tracing::debug!(%error, "kept keys are of no use");
            }
            return Ok(manager);
        };
        let mut state = OAuthState::Unauthorized(manager);
        match own_key(config.key.as_ref(), &url).map_err(failed)? {
            Some(key) => state = by_own_key(state, key).await.map_err(failed)?,
            None => self.ask_person(&mut state, config, sign_in, &url, challenge).await?,
        }
        state.into_authorization_manager().ok_or_else(|| failed(AuthError::AuthorizationRequired))
    }

    async fn ask_person(
        &self,
        state: &mut OAuthState,
        config: &ServerConfig,
        sign_in: &SignIn,
        url: &str,
        challenge: String,
    ) -> Result<(), McpError> {
        let failed = |error: AuthError| failed(config.name(), &error);
        let listening = TcpListener::bind(("127.0.0.1", sign_in.port)).await;
        let listener = listening.map_err(|error| sign_in_error(config.name(), &error.to_string()))?;
        let port = listener.local_addr().map_or(sign_in.port, |address| address.port());
        let back = format!("http://127.0.0.1:{port}");
        let mut request = AuthorizationRequest::new(format!("{back}/callback"))
            .with_client_name("smolagents")
            .with_application_type("native")
            .with_initial_scope_selection();
        if let Some(scopes) = self.more_scopes(url, &challenge).await {
            request = request.with_scopes(scopes);
        }
        if let Some(ClientKey::Registered { id, secret }) = &config.key {
            request = request.with_preregistered_client(id);
            if let Some(secret) = secret {
                request = request.with_client_secret(secret);
            }
        }
        if let Some(metadata) = &sign_in.metadata {
            request = request.with_client_metadata_url(metadata);
        }
        if !challenge.is_empty() {
            request = request.with_challenge(challenge);
        }
        state.start_authorization(request).await.map_err(failed)?;
        let address = state.get_authorization_url().await.map_err(failed)?;
        (sign_in.show)(config.name(), &address);
        let came_back = tokio::time::timeout(PATIENCE, callback(&listener)).await;
        let path =
            came_back.map_err(|_| sign_in_error(config.name(), "nobody came back from the browser"))?;
        state.handle_callback_url(&(back + &path)).await.map_err(failed)
    }

    /// What is to be asked for where the server wants more than was given: both.
    async fn more_scopes(&self, url: &str, challenge: &str) -> Option<Vec<String>> {
        let wanted = WWWAuthenticateParams::parse(challenge, &url::Url::parse(url).ok()?);
        if !wanted.is_insufficient_scope() {
            return None;
        }
        let mut scopes = self.tokens.load().await.ok()??.granted_scopes;
        for scope in wanted.scope?.split_whitespace().map(str::to_owned) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Some(scopes)
    }
}

/// Signs in without a person. The future of `rmcp` for that must stay on one thread, and ours may move: so it gets one.
async fn by_own_key(mut state: OAuthState, key: ClientCredentialsConfig) -> Result<OAuthState, AuthError> {
    let runtime = tokio::runtime::Handle::current();
    let signing = move || {
        let signed = runtime.block_on(state.authenticate_client_credentials(key));
        signed.map(|()| state)
    };
    let signed = tokio::task::spawn_blocking(signing).await;
    signed.map_err(|error| AuthError::InternalError(error.to_string()))?
}

fn own_key(key: Option<&ClientKey>, url: &str) -> Result<Option<ClientCredentialsConfig>, AuthError> {
    let resource = Some(url.to_owned());
    Ok(match key.cloned() {
        None | Some(ClientKey::Registered { .. }) => None,
        Some(ClientKey::Secret { id, secret, scopes }) => Some(ClientCredentialsConfig::ClientSecret {
            client_id: id,
            client_secret: secret,
            scopes,
            resource,
        }),
        Some(ClientKey::PrivateKey { id, pem, algorithm, scopes }) => {
            let signing_algorithm = match algorithm.as_str() {
                "RS256" => JwtSigningAlgorithm::RS256,
                "RS384" => JwtSigningAlgorithm::RS384,
                "RS512" => JwtSigningAlgorithm::RS512,
                "ES256" => JwtSigningAlgorithm::ES256,
                "ES384" => JwtSigningAlgorithm::ES384,
                other => {
                    return Err(AuthError::ClientCredentialsError(format!(
                        "`{other}` is no known algorithm"
                    )));
                }
            };
            Some(ClientCredentialsConfig::PrivateKeyJwt {
                client_id: id,
                signing_key: pem.into_bytes(),
                signing_algorithm,
                token_endpoint_audience: None,
                scopes,
                resource,
            })
        }
    })
}

/// Path and query that the browser comes back with. Whatever else a browser asks for is not there.
async fn callback(listener: &TcpListener) -> String {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { continue };
        let answered = tokio::time::timeout(Duration::from_secs(5), answer(&mut stream)).await;
        if let Ok(Some(path)) = answered {
            return path;
        }
    }
}

async fn answer(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.windows(2).any(|pair| pair == b"\r\n") {
        if request.len() > LARGEST_REQUEST || stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
    let line = String::from_utf8_lossy(&request);
    let path = line.strip_prefix("GET ")?.split(' ').next()?.to_owned();
    let is_callback = path.starts_with("/callback?");
    let (status, words) = if is_callback {
        ("200 OK", "Done. You can close this page.")
    } else {
        ("404 Not Found", "Not here.")
    };
    let length = words.len();
    let reply = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{words}"
    );
    stream.write_all(reply.as_bytes()).await.ok()?;
    let _ = stream.shutdown().await;
    is_callback.then_some(path)
}

fn failed(server: &str, error: &AuthError) -> McpError {
    sign_in_error(server, &plain(&super::legacy_sse::chain(error), 500))
}

fn sign_in_error(server: &str, cause: &str) -> McpError {
    let hint = "try again; some services want a client that is registered with them beforehand".to_owned();
    McpError::SignIn { server: server.to_owned(), cause: cause.to_owned(), hint }
}
