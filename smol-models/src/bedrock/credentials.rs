//! Who asks: signs requests the way that AWS wants it (Signature Version 4).

use crate::dialect::Unsigned;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use secrecy::{ExposeSecret, SecretString};
use smol_core::model::ModelError;
use std::time::SystemTime;

/// What signatures name as the service.
const SERVICE: &str = "bedrock";

/// An access key, and the token of its session if it is a passing one.
#[derive(Debug, Clone)]
pub struct Credentials {
    access_key_id: SecretString,
    secret_access_key: SecretString,
    session_token: Option<SecretString>,
}

impl Credentials {
    /// A lasting access key.
    pub fn new(access_key_id: impl Into<SecretString>, secret_access_key: impl Into<SecretString>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
        }
    }

    /// The key with the token of the session that it belongs to.
    pub fn session_token(self, token: impl Into<SecretString>) -> Self {
        Self { session_token: Some(token.into()), ..self }
    }

    /// All that no error may show.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let keys = [&self.access_key_id, &self.secret_access_key];
        keys.into_iter().chain(&self.session_token).cloned().collect()
    }

    /// The headers that say who asks for this, in this region, at this time.
    pub(super) fn sign(
        &self,
        unsigned: Unsigned<'_>,
        region: &str,
        now: SystemTime,
    ) -> Result<Vec<(String, SecretString)>, ModelError> {
        let token = self.session_token.as_ref().map(|token| token.expose_secret().to_owned());
        let key = (self.access_key_id.expose_secret(), self.secret_access_key.expose_secret());
        let identity =
            aws_credential_types::Credentials::new(key.0, key.1, token, None, env!("CARGO_PKG_NAME")).into();
        let builder = v4::SigningParams::builder().identity(&identity).region(region).name(SERVICE).time(now);
        let parameters =
            builder.settings(SigningSettings::default()).build().map_err(unsigned_because)?.into();
        let headers = std::iter::once(("content-type", "application/json"));
        let body = SignableBody::Bytes(unsigned.body);
        let signable = SignableRequest::new("POST", unsigned.url.as_str(), headers, body);
        let output = sign(signable.map_err(unsigned_because)?, &parameters).map_err(unsigned_because)?;
        let (instructions, _) = output.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

fn unsigned_because(cause: impl std::error::Error) -> ModelError {
    ModelError::Setup {
        message: format!("no request to Bedrock could be signed: {cause}"),
        hint:
            "do the access key, its secret and the session's token have characters that do not belong there?"
                .to_owned(),
    }
}
