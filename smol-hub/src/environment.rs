//! What the environment says of the Hub, by the variables of Hugging Face's own tools.

use crate::{Hub, HubError, store};
use secrecy::SecretString;
use std::{env, fs, path::PathBuf};

const ENDPOINT: &str = "https://huggingface.co";

impl Hub {
    /// The Hub as the environment says: `HF_ENDPOINT`, `HF_TOKEN` (else what `hf auth login` left), `HF_HUB_OFFLINE`, and
    /// `HF_HUB_CACHE` or `HF_HOME` as in Hugging Face's own tools. Weights are kept in `$SMOLAGENTS_CACHE`, else
    /// `$XDG_CACHE_HOME/smolagents`, else `~/.cache/smolagents`.
    ///
    /// # Errors
    /// [`HubError::NoCache`] where none of these names a folder.
    pub fn from_environment() -> Result<Self, HubError> {
        Self::from_variables(|name| env::var(name).ok(), env::home_dir())
    }

    fn from_variables(
        variable: impl Fn(&'static str) -> Option<String>,
        home: Option<PathBuf>,
    ) -> Result<Self, HubError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let shared =
            variable("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| Some(home.clone()?.join(".cache")));
        let hugging_face =
            variable("HF_HOME").map(PathBuf::from).or_else(|| Some(shared?.join("huggingface")));
        let hugging_face = hugging_face.ok_or(HubError::NoCache)?;
        let login = variable("HF_TOKEN_PATH").map_or_else(|| hugging_face.join("token"), PathBuf::from);
        let left = || fs::read_to_string(login).ok();
        let token = variable("HF_TOKEN").or_else(left).map(|token| token.trim().to_owned());
        let endpoint = variable("HF_ENDPOINT").unwrap_or_else(|| ENDPOINT.to_owned());
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: token.filter(|token| !token.is_empty()).map(SecretString::from),
            offline: variable("HF_HUB_OFFLINE").is_some_and(|value| is_yes(&value)),
            cache: store::cache_folder(variable, home).ok_or(HubError::NoCache)?,
            shared: variable("HF_HUB_CACHE").map_or_else(|| hugging_face.join("hub"), PathBuf::from),
        })
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::path::Path;

    #[test]
    fn the_environment_is_read_as_hugging_face_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_str().unwrap().to_owned();
        fs::create_dir_all(folder.path().join(".cache/huggingface")).unwrap();
        fs::write(folder.path().join(".cache/huggingface/token"), "hf_left\n").unwrap();
        let check = |variables: &[(&str, &str)]| {
            let variable =
                |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            Hub::from_variables(variable, Some(home.clone().into())).unwrap()
        };
        let hub = check(&[]);
        assert_eq!(hub.token.unwrap().expose_secret(), "hf_left");
        assert_eq!((hub.endpoint.as_str(), hub.offline), (ENDPOINT, false));
        assert_eq!(hub.shared, folder.path().join(".cache/huggingface/hub"));
        let variables = [
            ("HF_TOKEN", "hf_x"),
            ("HF_ENDPOINT", "http://h/"),
            ("HF_HUB_OFFLINE", "1"),
            ("HF_HOME", "/a"),
            ("HF_HUB_CACHE", "/b"),
        ];
        let hub = check(&variables);
        assert!(!format!("{hub:?}").contains("hf_x"));
        assert_eq!(hub.token.unwrap().expose_secret(), "hf_x");
        assert_eq!((hub.endpoint.as_str(), hub.offline), ("http://h", true));
        assert_eq!(hub.shared, Path::new("/b"));
        assert_eq!(check(&[("HF_HOME", "/a")]).shared, Path::new("/a/hub"));
    }
}
