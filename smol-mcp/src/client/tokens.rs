//! Where what a sign-in gave is kept: a file for each server, that nobody else may read, or only in memory.

use async_trait::async_trait;
use rmcp::transport::{AuthError, CredentialStore, InMemoryCredentialStore, StoredCredentials};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Keys of one server. Clones are the same place.
#[derive(Clone)]
pub(super) enum Tokens {
    Memory(Arc<InMemoryCredentialStore>),
    File(PathBuf),
}

impl Tokens {
    /// Those of the server at `url`, in a file of `folder` if there is one.
    pub(super) fn new(folder: Option<&Path>, url: &str) -> Self {
        let Some(folder) = folder else { return Self::Memory(Arc::default()) };
        let mut name = String::new();
        for byte in Sha256::digest(url.as_bytes()).iter().take(16) {
            let _ = write!(name, "{byte:02x}");
        }
        Self::File(folder.join(name + ".json"))
    }
}

#[async_trait]
impl CredentialStore for Tokens {
    async fn load(&self) -> Result<Option<StoredCredentials>, AuthError> {
        let path = match self {
            Self::Memory(memory) => return memory.load().await,
            Self::File(path) => path,
        };
        match fs::read(path) {
            // A file that was damaged is as none: its owner signs in again.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(path, &error)),
        }
    }

    async fn save(&self, credentials: StoredCredentials) -> Result<(), AuthError> {
        let path = match self {
            Self::Memory(memory) => return memory.save(credentials).await,
            Self::File(path) => path,
        };
        let bytes = serde_json::to_vec(&credentials).map_err(io::Error::other);
        bytes.and_then(|bytes| write(path, &bytes)).map_err(|error| failed(path, &error))
    }

    async fn clear(&self) -> Result<(), AuthError> {
        match self {
            Self::Memory(memory) => memory.clear().await,
            Self::File(path) => match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
                _ => Ok(()),
            },
        }
    }
}

/// Writes a file that only its owner may read; there is the old one or the new one at any time.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Such files are made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> AuthError {
    AuthError::CredentialStoreError(format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keys_are_kept_in_a_file_of_their_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("keys");
        let tokens = Tokens::new(Some(&inner), "https://example.org/mcp");
        let other = Tokens::new(Some(&inner), "https://example.org/other");
        assert!(tokens.load().await.expect("nothing yet").is_none());
        tokens.save(StoredCredentials::new("me".into(), None, vec![], Some(3))).await.expect("it is saved");
        assert_eq!(tokens.load().await.expect("it is there").expect("one").client_id, "me");
        assert!(other.load().await.expect("nothing").is_none());
        let Tokens::File(path) = &tokens else { panic!("it is a file") };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path).expect("a file").permissions().mode() & 0o777, 0o600);
        }
        fs::write(path, "{damaged").expect("written");
        assert!(tokens.load().await.expect("no error").is_none());
        tokens.clear().await.expect("it is gone");
        tokens.clear().await.expect("it may be gone already");
    }
}
