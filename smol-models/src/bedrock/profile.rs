//! Reads the files that AWS's own tools keep on a developer's machine.
//!
//! Their format is that of <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>. Only access keys that are
//! written there are read: roles and single sign-on need services of their own, and `aws configure export-credentials`
//! turns them into keys.

use super::Credentials;
use smol_core::model::ModelError;
use std::{collections::HashMap, io, path::Path};

/// What the files say of a profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its access key, if there is one.
    pub credentials: Option<Credentials>,
    /// Where it asks, unless told otherwise.
    pub region: Option<String>,
}

/// The profile of this name, from the files for keys and for settings: `~/.aws/credentials` and `~/.aws/config`, unless
/// `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` name others. A file that is not there says nothing.
///
/// # Errors
/// A file cannot be read, or neither knows the profile.
pub fn read_profile(credentials: &Path, config: &Path, name: &str) -> Result<Profile, ModelError> {
    let keys = section(&read(credentials)?, name);
    let config_text = read(config)?;
    let plain = || (name == "default").then(|| section(&config_text, name)).flatten();
    let settings = section(&config_text, &format!("profile {name}")).or_else(plain);
    if keys.is_none() && settings.is_none() {
        return Err(ModelError::Setup {
            message: format!(
                "there is no profile `{name}` in `{}` or `{}`",
                credentials.display(),
                config.display()
            ),
            hint: "`aws configure list-profiles` shows those that there are".to_owned(),
        });
    }
    // What both files say, the one for keys says best.
    let mut said = settings.unwrap_or_default();
    said.extend(keys.unwrap_or_default());
    Ok(Profile { credentials: key(&said), region: said.remove("region") })
}

fn key(said: &HashMap<String, String>) -> Option<Credentials> {
    let text = |name| said.get(name).filter(|text| !text.is_empty()).cloned();
    let key = Credentials::new(text("aws_access_key_id")?, text("aws_secret_access_key")?);
    Some(match text("aws_session_token") {
        Some(token) => key.session_token(token),
        None => key,
    })
}

fn read(path: &Path) -> Result<String, ModelError> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| ModelError::Setup {
            message: format!("`{}` cannot be read: {error}", path.display()),
            hint: String::new(),
        }),
    }
}

/// What the section of this name says. Names of sections may have spaces around and in them.
fn section(text: &str, name: &str) -> Option<HashMap<String, String>> {
    let mut found: Option<HashMap<String, String>> = None;
    let mut is_inside = false;
    for line in text.lines() {
        // A line that is set in belongs to the setting above it.
        let is_nested = line.starts_with([' ', '\t']);
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            is_inside = header.0.split_whitespace().eq(name.split_whitespace());
            if is_inside {
                found.get_or_insert_default();
            }
        } else if let (true, false, Some((key, value))) = (is_inside, is_nested, line.split_once('='))
            && !line.starts_with(['#', ';'])
        {
            let (key, value) = (key.trim().to_lowercase(), without_comment(value).trim().to_owned());
            found.get_or_insert_default().insert(key, value);
        }
    }
    found
}

/// A comment at the end of a line has a space before it.
fn without_comment(value: &str) -> &str {
    let ends = [" #", " ;", "\t#", "\t;"].iter().filter_map(|mark| value.find(mark));
    ends.min().and_then(|end| value.get(..end)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const KEYS: &str = "# keys\n[default]\naws_access_key_id = A\naws_secret_access_key=S/=+ # mine\n\n\
        [work]\nAWS_ACCESS_KEY_ID=W\naws_secret_access_key=X\naws_session_token=T\n[empty]\n";
    const CONFIG: &str = "[default]\nregion = eu-west-1\ns3 =\n  region = no\n[profile work]\nregion=us-east-1\n\
        [ profile  sso ]\nsso_session = x\n[other]\nregion = none\n";

    #[track_caller]
    fn check(name: &str, key: &[&str], region: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let (keys, config) = (folder.path().join("credentials"), folder.path().join("config"));
        std::fs::write(&keys, KEYS).unwrap();
        std::fs::write(&config, CONFIG).unwrap();
        let profile = read_profile(&keys, &config, name).unwrap();
        let secrets = profile.credentials.map(|key| key.secrets()).unwrap_or_default();
        let found: Vec<&str> = secrets.iter().map(|secret| secret.expose_secret()).collect();
        assert_eq!((&found[..], profile.region.as_deref()), (key, region), "{name}");
    }

    #[test]
    fn profiles_are_found_in_both_files() {
        check("default", &["A", "S/=+"], Some("eu-west-1"));
        check("work", &["W", "X", "T"], Some("us-east-1"));
        check("sso", &[], None);
        check("empty", &[], None);
        let nowhere = Path::new("/nowhere");
        for unknown in ["default", "other", "profile work"] {
            let error = read_profile(nowhere, nowhere, unknown).unwrap_err().to_string();
            assert!(error.starts_with(&format!("there is no profile `{unknown}` in `/nowhere`")), "{error}");
        }
        let error = read_profile(&std::env::temp_dir(), nowhere, "default").unwrap_err().to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }
}
