//! Sharing: a Space is made if there is none, and all files go into one commit.

use super::{
    RepoName,
    ask::{encoded, encoded_revision},
    large::LargeFile,
};
use crate::{
    Hub, HubError,
    folder::{Files, Readme},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How something is shared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pushing {
    /// Whether only its owner sees the Space. None: the Hub decides, as its owner has set it; only a new Space is told.
    pub private: Option<bool>,
    /// Proposes the change instead of making it.
    pub create_pr: bool,
    /// What the commit says; `Upload tool` or `Upload agent` if nothing was said.
    pub message: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// The address of the commit.
    pub url: String,
    /// The commit.
    pub commit: String,
    /// The address of the proposal, if it is one.
    pub pull_request: Option<String>,
}

impl Hub {
    /// The name of the account behind the token.
    ///
    /// # Errors
    /// [`HubError::NoToken`], [`HubError::Refused`], [`HubError::Unreachable`].
    pub async fn whoami(&self) -> Result<String, HubError> {
        let action = "say who you are";
        self.check_may_write(action)?;
        let answer = self.answer(self.request(Method::GET, "api/whoami-v2")?, action).await?;
        let url = format!("{}/api/whoami-v2", self.endpoint);
        let name = answer.get("name").and_then(Value::as_str).map(str::to_owned);
        name.ok_or_else(|| HubError::Answer { url, cause: "it has no name".to_owned() })
    }

    /// Shares `files` as a Space of this `kind`, `tool` or `agent`, which becomes its tag.
    ///
    /// # Errors
    /// [`HubError::NoToken`], [`HubError::Refused`], [`HubError::Unreachable`], [`HubError::Answer`].
    pub async fn push(
        &self,
        name: &RepoName,
        kind: &str,
        mut files: Files,
        pushing: &Pushing,
    ) -> Result<Pushed, HubError> {
        let action = format!("share `{name}`");
        self.check_may_write(&action)?;
        self.create_space(name, pushing.private).await?;
        let page = self.page(name, kind, &files).await?;
        files.insert("README.md", page)?;
        let modes = self.modes(name, &files).await?;
        let is_large = |path: &str| modes.get(path).is_some_and(|mode| mode == "lfs");
        let large = files.iter().filter(|(path, _)| is_large(path));
        let large: Vec<_> = large.map(|(path, content)| LargeFile::new(path, content)).collect();
        self.upload(name, &large).await?;
        let message = pushing.message.clone().unwrap_or_else(|| format!("Upload {kind}"));
        let query = if pushing.create_pr { "?create_pr=1" } else { "" };
        let path =
            format!("api/spaces/{}/commit/{}{query}", encoded(&name.id), encoded_revision(&name.revision));
        let request = self.request(Method::POST, &path)?;
        let request =
            request.header("Content-Type", "application/x-ndjson").body(commit(&message, &files, &large));
        let answer = self.answer(request, &action).await?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        let missing = || HubError::Answer {
            url: format!("{}/{path}", self.endpoint),
            cause: "it names no commit".to_owned(),
        };
        Ok(Pushed {
            url: text("commitUrl").unwrap_or_default(),
            commit: text("commitOid").ok_or_else(missing)?,
            pull_request: text("pullRequestUrl"),
        })
    }

    /// Makes a Space unless there is one.
    async fn create_space(&self, name: &RepoName, private: Option<bool>) -> Result<(), HubError> {
        let (owner, title) = name.id.split_once('/').unwrap_or(("", &name.id));
        let mut body = json!({"name": title, "organization": owner, "type": "space", "sdk": "gradio"});
        // Said only where it was said: an organisation may have its own rule for what is new.
        if let (Some(private), Some(body)) = (private, body.as_object_mut()) {
            body.insert("visibility".to_owned(), if private { "private" } else { "public" }.into());
        }
        let request = self.request(Method::POST, "api/repos/create")?.json(&body);
        match self.send(request, &format!("make the Space `{}`", name.id)).await {
            Ok(_) | Err(HubError::Refused { status: 409, .. }) => Ok(()),
            // Whoever may write to a Space may not always make one.
            Err(error @ HubError::Refused { status: 403, .. }) => {
                self.repo(name).await.map(drop).map_err(|_| error)
            }
            Err(error) => Err(error),
        }
    }

    /// The page that the Space has, or one of `files`, with what the Hub must know.
    async fn page(&self, name: &RepoName, kind: &str, files: &Files) -> Result<String, HubError> {
        let there =
            self.repo(name).await.is_ok_and(|info| info.files.iter().any(|file| file.path == "README.md"));
        let mut page = match files.text("README.md")? {
            Some(text) => Readme::read(text)?,
            None if there => {
                let found = self.snapshot(name, |path| path == "README.md", |_| ()).await?;
                Readme::read(found.files.text("README.md")?.unwrap_or_default())?
            }
            None => Readme::default(),
        };
        page.or_set("title", name.id.split('/').next_back().unwrap_or_default());
        page.or_set("sdk", "gradio");
        page.or_set("app_file", "app.py");
        page.tag(&["smolagents", kind]);
        page.text()
    }

    /// How the Hub takes each file, by its path: `regular` goes into the commit itself, `lfs` beside it.
    async fn modes(&self, name: &RepoName, files: &Files) -> Result<BTreeMap<String, String>, HubError> {
        let sample = |content: &[u8]| STANDARD.encode(content.get(..512).unwrap_or(content));
        let listed: Vec<Value> = files
            .iter()
            .map(|(path, content)| json!({"path": path, "size": content.len(), "sample": sample(content)}))
            .collect();
        let path = format!("api/spaces/{}/preupload/{}", encoded(&name.id), encoded_revision(&name.revision));
        let request = self.request(Method::POST, &path)?.json(&json!({"files": listed}));
        let answer = self.answer(request, &format!("take the files of `{}`", name.id)).await?;
        let entries = answer.get("files").and_then(Value::as_array).into_iter().flatten();
        let text = |entry: &Value, key: &str| entry.get(key)?.as_str().map(str::to_owned);
        Ok(entries.filter_map(|entry| Some((text(entry, "path")?, text(entry, "uploadMode")?))).collect())
    }
}

/// The body of a commit: a line of JSON for what it says, and one for each file.
fn commit(message: &str, files: &Files, large: &[LargeFile<'_>]) -> String {
    let header = json!({"key": "header", "value": {"summary": message, "description": ""}});
    let lines = files.iter().map(|(path, content)| match large.iter().find(|file| file.path == path) {
        Some(file) => file.line(),
        None => {
            json!({"key": "file", "value": {"content": STANDARD.encode(content), "path": path, "encoding": "base64"}})
        }
    });
    std::iter::once(header).chain(lines).map(|line| format!("{line}\n")).collect()
}
