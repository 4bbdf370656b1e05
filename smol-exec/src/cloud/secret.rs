//! Keys and tokens: never shown, and struck out of whatever a service says.

use secrecy::{ExposeSecret, SecretString};

/// What nobody is to read.
#[derive(Debug, Clone)]
pub(crate) struct Secret(SecretString);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The secret itself, for the request that must bear it.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// `text` without the secret.
    pub(crate) fn strike_out(&self, text: &str) -> String {
        match self.expose() {
            "" => text.to_owned(),
            secret => text.replace(secret, "[hidden]"),
        }
    }
}

/// What the environment variable `name` holds, unless it is empty.
pub(crate) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new("e2b_0123456789");
        assert!(!format!("{secret:?}").contains("0123"));
        assert_eq!(secret.strike_out("no such key: e2b_0123456789."), "no such key: [hidden].");
        assert_eq!(Secret::new("").strike_out("as it is"), "as it is");
    }
}
