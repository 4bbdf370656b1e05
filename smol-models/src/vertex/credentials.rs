//! Tokens of Google Cloud, by the files that its tools write.
//!
//! Two kinds of file are known: the key of a service account, which signs a claim of its own
//! (<https://developers.google.com/identity/protocols/oauth2/service-account#httprest>), and what
//! `gcloud auth application-default login` leaves, which is exchanged as it is
//! (<https://developers.google.com/identity/protocols/oauth2/web-server#offline>).

use crate::remote;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use backon::{ExponentialBuilder, Retryable};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Url, header::CONTENT_TYPE};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use smol_core::model::ModelError;
use std::{
    collections::VecDeque,
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// What a token may be used for.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// For how long a claim is made, in seconds: the longest that the service allows.
const CLAIMED: u64 = 3600;
/// A token is not used for its last minute, so that it does not run out on the way.
const SPARE: Duration = Duration::from_secs(60);
/// How long a token may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where tokens come from, unless the file says otherwise.
const GOOGLE: &str = "https://oauth2.googleapis.com/token";
/// How often a passing failure is tried again.
const RETRIES: usize = 2;
/// How many tokens and claims are remembered: requests with the one before may still be under way.
const REMEMBERED: usize = 8;

/// Who asks for tokens, and those that were given last.
pub struct Credentials {
    identity: Identity,
    /// Who gives tokens.
    token_uri: String,
    last: tokio::sync::Mutex<Option<Token>>,
    /// What may be used in our name and so must show nowhere: the last tokens, and the claims that they were given for.
    given: Mutex<VecDeque<SecretString>>,
}

enum Identity {
    Service { email: String, key: Box<RsaKeyPair>, key_id: Option<String> },
    Person { client_id: String, client_secret: SecretString, refresh_token: SecretString },
}

#[derive(Clone)]
struct Token {
    text: SecretString,
    until: Instant,
}

/// What a file of credentials holds.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum File {
    ServiceAccount {
        client_email: String,
        private_key: String,
        private_key_id: Option<String>,
        token_uri: Option<String>,
    },
    AuthorizedUser {
        client_id: String,
        client_secret: String,
        refresh_token: String,
        token_uri: Option<String>,
    },
}

impl Credentials {
    /// Those in a file, such as the one that `GOOGLE_APPLICATION_CREDENTIALS` names.
    ///
    /// # Errors
    /// [`ModelError::Setup`] if the file cannot be read or is of another kind.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let unfit = |cause: String| unfit(&format!("in `{}`", path.display()), &cause);
        let text = std::fs::read_to_string(path).map_err(|error| unfit(error.to_string()))?;
        Self::read(&text).map_err(unfit)
    }

    /// Those of this text, which is JSON as such a file has it.
    ///
    /// # Errors
    /// [`ModelError::Setup`] if it is something else.
    pub fn parse(json: &str) -> Result<Self, ModelError> {
        Self::read(json).map_err(|cause| unfit("that were given", &cause))
    }

    /// Where Google's tools look for such a file, told by variables: the one that `GOOGLE_APPLICATION_CREDENTIALS` names,
    /// or else the one that `gcloud` leaves.
    pub fn usual_file(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
        let named = variable("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from);
        let folder = variable("CLOUDSDK_CONFIG").map(PathBuf::from);
        let folder = folder.or_else(|| Some(Path::new(&variable("HOME")?).join(".config/gcloud")));
        named.or_else(|| {
            Some(folder?.join("application_default_credentials.json")).filter(|file| file.exists())
        })
    }

    fn read(json: &str) -> Result<Self, String> {
        let file = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let (identity, token_uri) = match file {
            File::ServiceAccount { client_email, private_key, private_key_id, token_uri } => {
                let key = Box::new(key(&private_key)?);
                (Identity::Service { email: client_email, key, key_id: private_key_id }, token_uri)
            }
            File::AuthorizedUser { client_id, client_secret, refresh_token, token_uri } => {
                let (client_secret, refresh_token) = (client_secret.into(), refresh_token.into());
                (Identity::Person { client_id, client_secret, refresh_token }, token_uri)
            }
        };
        let token_uri = token_uri.unwrap_or_else(|| GOOGLE.to_owned());
        Ok(Self { identity, token_uri, last: tokio::sync::Mutex::default(), given: Mutex::default() })
    }

    /// A token that is good for a while: the last one, or a new one.
    pub(super) async fn token(&self) -> Result<SecretString, ModelError> {
        let mut last = self.last.lock().await;
        if let Some(token) = last.as_ref().filter(|token| token.until > Instant::now()) {
            return Ok(token.text.clone());
        }
        let policy = ExponentialBuilder::new().with_max_times(RETRIES).with_jitter();
        let fetched = (|| self.fetch()).retry(policy).when(is_passing).await?;
        Ok(last.insert(fetched).text.clone())
    }

    /// What no error may show.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let own = match &self.identity {
            Identity::Service { .. } => Vec::new(),
            Identity::Person { client_secret, refresh_token, .. } => {
                vec![client_secret.clone(), refresh_token.clone()]
            }
        };
        self.given().iter().cloned().chain(own).collect()
    }

    fn remember(&self, secret: SecretString) {
        let mut given = self.given();
        given.push_front(secret);
        given.truncate(REMEMBERED);
    }

    fn given(&self) -> MutexGuard<'_, VecDeque<SecretString>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self) -> Result<Token, ModelError> {
        let asked = Instant::now();
        let form = form(&self.fields()?);
        let kind = "application/x-www-form-urlencoded";
        let request = remote::client()?.post(&self.token_uri).header(CONTENT_TYPE, kind).body(form);
        let unreachable = |error: reqwest::Error| ModelError::Unreachable {
            url: self.token_uri.clone(),
            cause: remote::root_cause(&error.without_url()),
        };
        let response = request.timeout(PATIENCE).send().await.map_err(unreachable)?;
        let status = response.status();
        let body: Value = response.json().await.unwrap_or_default();
        let text = body.get("access_token").and_then(Value::as_str);
        let Some(text) = text.filter(|_| status.is_success()) else {
            return Err(self.refused(status.as_u16(), &body));
        };
        let lasts = Duration::from_secs(body.get("expires_in").and_then(Value::as_u64).unwrap_or(0));
        let until = asked.checked_add(lasts.saturating_sub(SPARE)).unwrap_or(asked);
        self.remember(text.into());
        Ok(Token { text: text.into(), until })
    }

    fn refused(&self, status: u16, body: &Value) -> ModelError {
        let said = ["error_description", "error"].iter().find_map(|name| body.get(*name)?.as_str());
        let message = format!("no token was given: {}", remote::shorten(said.unwrap_or("it says not why")));
        let hint = "are the credentials still good, and is the clock right?".to_owned();
        ModelError::Status { url: self.token_uri.clone(), status, message, hint }
    }

    /// What is sent for a token.
    fn fields(&self) -> Result<Vec<(&str, String)>, ModelError> {
        let fields = match &self.identity {
            Identity::Service { email, key, key_id } => {
                let claim = claim(email, &self.token_uri, key_id.as_deref(), key)?;
                self.remember(claim.as_str().into());
                vec![
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()),
                    ("assertion", claim),
                ]
            }
            Identity::Person { client_id, client_secret, refresh_token } => vec![
                ("grant_type", "refresh_token".to_owned()),
                ("client_id", client_id.clone()),
                ("client_secret", client_secret.expose_secret().to_owned()),
                ("refresh_token", refresh_token.expose_secret().to_owned()),
            ],
        };
        Ok(fields)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = match &self.identity {
            Identity::Service { email, .. } => email,
            Identity::Person { client_id, .. } => client_id,
        };
        formatter.debug_struct("Credentials").field("who", who).finish_non_exhaustive()
    }
}

fn key(pem: &str) -> Result<RsaKeyPair, String> {
    let unfit = |error: &dyn fmt::Display| format!("its `private_key` is no RSA key in PKCS#8: {error}");
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| unfit(&error))?;
    RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|error| unfit(&error))
}

/// The signed claim of a service account (RFC 7523): three parts in base64, of which the last signs the others.
fn claim(email: &str, audience: &str, key_id: Option<&str>, key: &RsaKeyPair) -> Result<String, ModelError> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut head = json!({"alg": "RS256", "typ": "JWT", "kid": key_id});
    if let (None, Some(head)) = (key_id, head.as_object_mut()) {
        head.remove("kid");
    }
    let claims = json!({"iss": email, "scope": SCOPE, "aud": audience, "iat": now, "exp": now + CLAIMED});
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&head), encode(&claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| unfit("that were given", "their key signs nothing"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The fields as a web form sends them.
fn form(fields: &[(&str, String)]) -> String {
    let url = Url::parse_with_params("http://form", fields);
    url.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
}

fn is_passing(error: &ModelError) -> bool {
    matches!(error, ModelError::Unreachable { .. } | ModelError::Status { status: 429 | 500..=599, .. })
}

fn unfit(which: &str, cause: &str) -> ModelError {
    ModelError::Setup {
        message: format!("the Google credentials {which} cannot be used: {cause}"),
        hint: "give the key file of a service account, or run `gcloud auth application-default login`"
            .to_owned(),
    }
}
