//! Files that the Hub keeps beside Git, such as pictures: they are sent first, by Git LFS's batch API and its transfer `basic`
//! (<https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>), and a commit only names them.

use super::{RepoName, ask::encoded};
use crate::{Hub, HubError, download};
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const MIME: &str = "application/vnd.git-lfs+json";

/// A file that is named by its content.
pub(super) struct LargeFile<'a> {
    pub(super) path: &'a str,
    content: &'a [u8],
    sha256: String,
}

/// What is to be done with one.
#[derive(Deserialize)]
struct Order {
    oid: String,
    /// Nothing for what is there already.
    #[serde(default)]
    actions: BTreeMap<String, Action>,
    #[serde(default)]
    error: Value,
}

#[derive(Deserialize)]
struct Action {
    href: String,
    #[serde(default)]
    header: BTreeMap<String, Value>,
}

impl<'a> LargeFile<'a> {
    pub(super) fn new(path: &'a str, content: &'a [u8]) -> Self {
        let sha256 = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path, content, sha256 }
    }

    /// Its line in a commit.
    pub(super) fn line(&self) -> Value {
        json!({"key": "lfsFile", "value": {
            "path": self.path, "algo": "sha256", "oid": self.sha256, "size": self.content.len()
        }})
    }

    fn named(&self) -> Value {
        json!({"oid": self.sha256, "size": self.content.len()})
    }
}

impl Hub {
    /// Sends the files that the Hub does not have.
    pub(super) async fn upload(&self, name: &RepoName, files: &[LargeFile<'_>]) -> Result<(), HubError> {
        if files.is_empty() {
            return Ok(());
        }
        let action = format!("take the large files of `{name}`");
        let objects: Vec<Value> = files.iter().map(LargeFile::named).collect();
        let body = json!({"operation": "upload", "transfers": ["basic"], "objects": objects,
            "hash_algo": "sha256", "ref": {"name": name.revision}});
        let path = format!("spaces/{}.git/info/lfs/objects/batch", encoded(&name.id));
        let request = self.request(Method::POST, &path)?;
        let mut answer = self.answer(in_lfs(request, &body), &action).await?;
        let orders = answer.get_mut("objects").map(Value::take).unwrap_or_default();
        let orders = serde_json::from_value::<Vec<Order>>(orders);
        let unreadable = |cause: serde_json::Error| HubError::Answer {
            url: format!("{}/{path}", self.endpoint),
            cause: cause.to_string(),
        };
        let orders = orders.map_err(unreadable)?;
        for file in files {
            if let Some(order) = orders.iter().find(|order| order.oid == file.sha256) {
                self.carry_out(order, file).await?;
            }
        }
        Ok(())
    }

    async fn carry_out(&self, order: &Order, file: &LargeFile<'_>) -> Result<(), HubError> {
        let action = format!("take `{}`", file.path);
        if let Some(message) = order.error.get("message").and_then(Value::as_str) {
            return Err(HubError::format(file.path, &format!("the Hub does not take it: {message}")));
        }
        if let Some(upload) = order.actions.get("upload") {
            let request = self.at(Method::PUT, upload)?.body(file.content.to_vec());
            self.send(request, &action).await?;
        }
        if let Some(verify) = order.actions.get("verify") {
            let request = self.at(Method::POST, verify)?;
            self.send(in_lfs(request, &file.named()), &action).await?;
        }
        Ok(())
    }

    /// A request with what the Hub wants in it. The token goes to the Hub alone: the place may be another's.
    fn at(&self, method: Method, action: &Action) -> Result<RequestBuilder, HubError> {
        let below = action.href.strip_prefix(&self.endpoint).and_then(|path| path.strip_prefix('/'));
        let request = match below {
            Some(path) => self.request(method, path)?,
            None => {
                let client = download::client();
                client
                    .map_err(|cause| HubError::unreachable(&action.href, &cause))?
                    .request(method, &action.href)
            }
        };
        let wanted = action.header.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        Ok(wanted.fold(request, |request, (name, value)| request.header(name, value)))
    }
}

fn in_lfs(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header("Accept", MIME).header("Content-Type", MIME).body(body.to_string())
}
