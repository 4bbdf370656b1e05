//! A repository on the Hub: its name, and what it holds at a revision.

use super::ask::{encoded, encoded_revision};
use crate::{Hub, HubError};
use reqwest::Method;
use serde_json::Value;
use std::{fmt, str::FromStr};

/// The name of a Space, with the revision that is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoName {
    /// `owner/name`.
    pub id: String,
    /// A branch, tag or commit; `main` if nothing was said.
    pub revision: String,
}

/// What is known of a repository at a commit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RepoInfo {
    /// `owner/name`.
    pub id: String,
    /// The commit.
    pub commit: String,
    /// Its files.
    pub files: Vec<RepoFile>,
    /// What its owner calls it, such as `tool` or `agent`.
    pub tags: Vec<String>,
    /// How many people like it.
    pub likes: u64,
    /// How often its files were fetched, where the Hub counts that.
    pub downloads: Option<u64>,
    /// When it last changed, as in `2025-11-23T10:00:00.000Z`.
    pub last_modified: String,
    /// Whether only its owner sees it.
    pub private: bool,
}

/// A file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepoFile {
    /// Where it lies.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// What Git calls its content: the SHA-1 of `blob LENGTH\0` and the content. For a large file, of its pointer.
    pub blob: Option<String>,
    /// The SHA-256 of a large file, as 64 hexadecimal digits.
    pub sha256: Option<String>,
}

impl RepoName {
    /// Whether it names a commit, which always means the same files.
    pub fn is_pinned(&self) -> bool {
        is_commit(&self.revision)
    }
}

pub(super) fn is_commit(revision: &str) -> bool {
    revision.len() == 40 && revision.bytes().all(|digit| digit.is_ascii_hexdigit())
}

impl FromStr for RepoName {
    type Err = HubError;

    /// Reads `owner/name`, `owner/name@revision`, or the address of its page.
    fn from_str(text: &str) -> Result<Self, HubError> {
        let wrong = || HubError::Name { name: text.to_owned() };
        let plain = text.trim().trim_end_matches('/');
        let plain = plain.strip_prefix("https://huggingface.co/").unwrap_or(plain);
        let plain = plain.strip_prefix("spaces/").unwrap_or(plain);
        let (id, revision) = plain.split_once('@').unwrap_or((plain, "main"));
        let (owner, name) = id.split_once('/').ok_or_else(wrong)?;
        let is_plain = |part: &str| {
            let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            let ends = |letter: char| "-.".contains(letter);
            (1..=96).contains(&part.len())
                && part.chars().all(is_known)
                && !part.starts_with(ends)
                && !part.ends_with(ends)
                && !part.contains("..")
                && !part.contains("--")
        };
        let is_revision = !revision.is_empty()
            && revision.len() < 256
            && !revision.split('/').any(|part| part.is_empty() || part.starts_with('.'))
            && revision.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./+".contains(letter));
        if !(is_plain(owner) && is_plain(name) && is_revision) {
            return Err(wrong());
        }
        Ok(Self { id: id.to_owned(), revision: revision.to_owned() })
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.revision.as_str() {
            "main" => formatter.write_str(&self.id),
            revision => write!(formatter, "{}@{revision}", self.id),
        }
    }
}

impl Hub {
    /// What a Space holds at its revision.
    ///
    /// # Errors
    /// [`HubError::Unreachable`], [`HubError::Refused`], [`HubError::Answer`].
    pub async fn repo(&self, name: &RepoName) -> Result<RepoInfo, HubError> {
        if self.offline {
            return Err(HubError::NotCached { repo: name.to_string() });
        }
        let path = format!(
            "api/spaces/{}/revision/{}?blobs=true",
            encoded(&name.id),
            encoded_revision(&name.revision)
        );
        let request = self.request(Method::GET, &path)?;
        let answer = self.answer(request, &format!("show the Space `{name}`")).await?;
        let url = format!("{}/{path}", self.endpoint);
        RepoInfo::read(name, &answer)
            .ok_or_else(|| HubError::Answer { url, cause: "it names no commit".to_owned() })
    }
}

impl RepoInfo {
    fn read(name: &RepoName, answer: &Value) -> Option<Self> {
        let commit = answer.get("sha")?.as_str().filter(|commit| is_commit(commit))?;
        let list = |key| answer.get(key).and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            id: name.id.clone(),
            commit: commit.to_owned(),
            files: list("siblings").filter_map(RepoFile::read).collect(),
            tags: list("tags").filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
            likes: answer.get("likes").and_then(Value::as_u64).unwrap_or(0),
            downloads: answer.get("downloads").and_then(Value::as_u64),
            last_modified: answer.get("lastModified").and_then(Value::as_str).unwrap_or_default().to_owned(),
            private: answer.get("private").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

impl RepoFile {
    fn read(entry: &Value) -> Option<Self> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            path: text(entry.get("rfilename"))?,
            size: entry.pointer("/lfs/size").or_else(|| entry.get("size"))?.as_u64()?,
            blob: text(entry.get("blobId")).filter(|blob| is_commit(blob)),
            sha256: text(entry.pointer("/lfs/sha256")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_nothing_else() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let found = text.parse::<RepoName>().ok();
            let parts = found.as_ref().map(|name| (name.id.as_str(), name.revision.as_str()));
            assert_eq!(parts, expect, "{text}");
        };
        check("me/tool", Some(("me/tool", "main")));
        check("me/tool@v1.0", Some(("me/tool", "v1.0")));
        check("me/tool@refs/pr/3", Some(("me/tool", "refs/pr/3")));
        check("https://huggingface.co/spaces/me/tool/", Some(("me/tool", "main")));
        for wrong in [
            "tool", "a/b/c", "../b", "a/..", "a/b@", "a/b@../x", "a/b?x", "a/b@x y", "a/b@a//b", "-a/b",
            "a/b--c", "", "./folder", "~/x",
        ] {
            check(wrong, None);
        }
    }
}
