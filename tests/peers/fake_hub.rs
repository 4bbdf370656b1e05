//! A Hub on this machine: as much of the API as tools and agents need, for Spaces alone. Python's `huggingface_hub` takes it
//! for the real one (`cargo xtask it interop`), so what passes against it is what the wire is.

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// The token of the user `me`, who is also in the organisation `team`.
pub const TOKEN: &str = "hf_fake_token_of_me";

type Contents = BTreeMap<String, Vec<u8>>;

/// One Space.
#[derive(Default, Clone)]
struct Space {
    /// The newest is the last.
    commits: Vec<Contents>,
    is_private: bool,
    likes: u64,
    /// Stands in the place of the list of files, to lie about them.
    siblings: Option<Value>,
    /// Stands in the place of a file's content.
    served: BTreeMap<String, Vec<u8>>,
}

#[derive(Default)]
struct Spaces {
    endpoint: String,
    spaces: BTreeMap<String, Space>,
    /// What is kept beside Git, by its SHA-256.
    objects: BTreeMap<String, Vec<u8>>,
    /// Method, path and body of each request, in their order.
    requests: Vec<(String, String)>,
}

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub struct FakeHub {
    /// Its address.
    pub endpoint: String,
    state: Arc<Mutex<Spaces>>,
}

impl FakeHub {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        Self::serve(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// Starts it on this listener.
    pub fn serve(listener: TcpListener) -> Self {
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Spaces { endpoint: endpoint.clone(), ..Spaces::default() }));
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, state }
    }

    /// Adds a commit with these files to a Space, which is made if there is none.
    pub fn put(&self, id: &str, files: &[(&str, &str)]) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let mut state = self.state.lock().unwrap();
        state.spaces.entry(id.to_owned()).or_default().commits.push(files.collect());
    }

    /// Has the Space say that these are its files.
    pub fn lie(&self, id: &str, siblings: Value) {
        self.state.lock().unwrap().spaces.entry(id.to_owned()).or_default().siblings = Some(siblings);
    }

    /// Has the Space serve another content than it says.
    pub fn swap(&self, id: &str, path: &str, content: &[u8]) {
        let mut state = self.state.lock().unwrap();
        state.spaces.entry(id.to_owned()).or_default().served.insert(path.to_owned(), content.to_vec());
    }

    /// What a Space holds at its newest commit.
    pub fn files(&self, id: &str) -> BTreeMap<String, String> {
        let state = self.state.lock().unwrap();
        let last = state.spaces.get(id).and_then(|space| space.commits.last().cloned()).unwrap_or_default();
        last.into_iter()
            .map(|(path, content)| (path, String::from_utf8_lossy(&content).into_owned()))
            .collect()
    }

    /// Whether only its owner sees it.
    pub fn is_private(&self, id: &str) -> bool {
        self.state.lock().unwrap().spaces.get(id).is_some_and(|space| space.is_private)
    }

    /// The requests so far: method with path, and body.
    pub fn requests(&self) -> Vec<(String, String)> {
        self.state.lock().unwrap().requests.clone()
    }
}

/// The commit of this number, from 1.
fn commit(id: &str, number: usize) -> String {
    digest(format!("{id} {number}").as_bytes())
}

fn digest(bytes: &[u8]) -> String {
    Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn blob(content: &[u8]) -> String {
    digest(&[format!("blob {}\0", content.len()).as_bytes(), content].concat())
}

async fn answer(
    State(state): State<Arc<Mutex<Spaces>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut state = state.lock().unwrap();
    state.requests.push((format!("{method} {uri}"), String::from_utf8_lossy(&body).into_owned()));
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy().into_owned();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let is_known = headers.get("authorization").is_some_and(|value| value == &format!("Bearer {TOKEN}"));
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["api", "whoami-v2"]) if is_known => Json(json!({
            "type": "user", "id": "1", "name": "me", "fullname": "Me", "email": "me@example.com", "emailVerified": true,
            "canPay": false, "isPro": false, "periodEnd": null, "avatarUrl": "", "orgs": [],
            "auth": {"type": "access_token", "accessToken": {"displayName": "x", "role": "write", "createdAt": "2025-01-01T00:00:00.000Z"}},
        }))
        .into_response(),
        ("GET", ["api", "whoami-v2"]) => refuse(StatusCode::UNAUTHORIZED, "", "Invalid username or password."),
        ("POST", ["api", "validate-yaml"]) => Json(json!({"errors": [], "warnings": []})).into_response(),
        ("POST", ["api", "repos", "create"]) => state.create(is_known, &body),
        ("GET", ["api", "spaces"]) => state.search(uri.query().unwrap_or_default()),
        ("GET", ["api", "collections", rest @ ..]) => state.collection(&rest.join("/")),
        (_, ["api", "spaces", owner, name, rest @ ..]) => {
            let id = format!("{owner}/{name}");
            state.space(&id, method.as_str(), rest, uri.query().unwrap_or_default(), is_known, &body)
        }
        ("POST", ["spaces", _, _, "info", "lfs", "objects", "batch"]) if is_known => state.batch(&body),
        ("PUT", ["objects", oid]) => {
            state.objects.insert((*oid).to_owned(), body.to_vec());
            StatusCode::OK.into_response()
        }
        ("POST", ["objects", "verify"]) if is_known => {
            let named: Value = serde_json::from_slice(&body).unwrap_or_default();
            match named["oid"].as_str().and_then(|oid| state.objects.get(oid)) {
                Some(content) if named["size"] == content.len() => Json(json!({})).into_response(),
                _ => refuse(StatusCode::NOT_FOUND, "", "Not Found"),
            }
        }
        ("GET" | "HEAD", ["spaces", owner, name, "resolve", revision, rest @ ..]) => {
            state.resolve(&format!("{owner}/{name}"), revision, &rest.join("/"), is_known)
        }
        _ => refuse(StatusCode::NOT_FOUND, "", "Not Found"),
    }
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    let mut response = (status, Json(json!({"error": message}))).into_response();
    response.headers_mut().insert("x-error-code", HeaderValue::from_str(code).unwrap());
    response.headers_mut().insert("x-error-message", HeaderValue::from_str(message).unwrap());
    response
}

impl Spaces {
    fn create(&mut self, is_known: bool, body: &[u8]) -> Response {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| asked.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let owner =
            Some(text("organization")).filter(|owner| !owner.is_empty()).unwrap_or_else(|| "me".to_owned());
        if !is_known || !["me", "team"].contains(&owner.as_str()) {
            return refuse(
                StatusCode::FORBIDDEN,
                "",
                "You don't have the rights to create a space under this namespace",
            );
        }
        let id = format!("{owner}/{}", text("name"));
        let url = format!("{}/spaces/{id}", self.endpoint);
        if self.spaces.contains_key(&id) {
            let answer = json!({"error": "You already created this space repo", "url": url, "name": id});
            return (StatusCode::CONFLICT, Json(answer)).into_response();
        }
        // What this organisation makes is private unless somebody says otherwise.
        let is_private = match text("visibility").as_str() {
            "" => owner == "team",
            visibility => visibility == "private",
        };
        // The Hub gives each new Space a page.
        let page = format!("---\ntitle: {}\nsdk: {}\n---\n", text("name"), text("sdk"));
        let first = [(".gitattributes", String::new()), ("README.md", page)];
        let first = first.map(|(path, text)| (path.to_owned(), text.into_bytes())).into();
        self.spaces.insert(id.clone(), Space { commits: vec![first], is_private, ..Space::default() });
        Json(json!({"url": url, "name": id, "id": id, "private": is_private})).into_response()
    }

    fn search(&self, query: &str) -> Response {
        let asked: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| {
                (
                    name.to_owned(),
                    percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned(),
                )
            })
            .collect();
        let words =
            asked.iter().find(|(name, _)| name == "search").map(|(_, words)| words.as_str()).unwrap_or("");
        let filters: Vec<&String> =
            asked.iter().filter(|(name, _)| name == "filter").map(|(_, tag)| tag).collect();
        let found =
            self.spaces.iter().filter(|(id, space)| id.contains(words) && !space.is_private).filter_map(
                |(id, space)| {
                    let entry = describe(id, space, space.commits.len(), false);
                    let tags = entry["tags"].as_array()?.clone();
                    filters.iter().all(|filter| tags.iter().any(|tag| tag == *filter)).then_some(entry)
                },
            );
        let mut found: Vec<Value> = found.collect();
        found.sort_by_key(|entry| std::cmp::Reverse(entry["likes"].as_u64()));
        Json(found).into_response()
    }

    fn collection(&self, slug: &str) -> Response {
        let item = |id: &str, kind: &str| json!({"_id": "0", "position": 0, "type": kind, "id": id, "repoType": kind, "author": "me", "private": false});
        let mut items: Vec<Value> = self.spaces.keys().map(|id| item(id, "space")).collect();
        items.push(item("me/model", "model"));
        Json(json!({
            "slug": slug, "title": "All", "lastUpdated": "2025-01-01T00:00:00.000Z", "gating": false, "owner": {"name": "me"},
            "items": items, "theme": "blue", "private": false, "upvotes": 0, "isUpvotedByUser": false, "position": 0,
        }))
        .into_response()
    }

    /// The number of the commit that a revision means.
    fn number(&self, id: &str, revision: &str) -> Option<usize> {
        let space = self.spaces.get(id)?;
        let last = space.commits.len();
        if revision == "main" {
            return Some(last);
        }
        (1..=last).find(|number| commit(id, *number) == revision)
    }

    fn space(
        &mut self,
        id: &str,
        method: &str,
        rest: &[&str],
        query: &str,
        is_known: bool,
        body: &[u8],
    ) -> Response {
        let missing = || refuse(StatusCode::UNAUTHORIZED, "RepoNotFound", "Repository not found");
        let Some(space) = self.spaces.get(id).filter(|space| is_known || !space.is_private).cloned() else {
            return missing();
        };
        let revision = rest.get(1).copied().unwrap_or("main");
        let Some(number) = self.number(id, revision) else {
            return refuse(StatusCode::NOT_FOUND, "RevisionNotFound", "Invalid rev id");
        };
        match (method, rest) {
            ("GET", [] | ["revision", _]) => Json(describe(id, &space, number, true)).into_response(),
            ("GET", ["tree", ..]) => {
                let files = space.commits[number - 1].iter().map(|(path, content)| {
                    json!({"type": "file", "oid": blob(content), "size": content.len(), "path": path})
                });
                Json(files.collect::<Vec<_>>()).into_response()
            }
            ("POST", ["preupload", _]) => {
                let asked: Value = serde_json::from_slice(body).unwrap_or_default();
                let files = asked["files"].as_array().into_iter().flatten().map(|file| {
                    let is_large = file["path"].as_str().is_some_and(|path| path.ends_with(".png"));
                    let mode = if is_large { "lfs" } else { "regular" };
                    json!({"path": file["path"], "uploadMode": mode, "shouldIgnore": false})
                });
                Json(json!({"files": files.collect::<Vec<_>>()})).into_response()
            }
            ("POST", ["commit", _]) if !is_known => missing(),
            ("POST", ["commit", _]) => self.commit(id, &space, query.contains("create_pr=1"), body),
            _ => refuse(StatusCode::NOT_FOUND, "", "Not Found"),
        }
    }

    /// Where the objects go that are not there.
    fn batch(&self, body: &[u8]) -> Response {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let objects = asked["objects"].as_array().into_iter().flatten().map(|object| {
            let (mut order, oid) = (object.clone(), object["oid"].as_str().unwrap_or_default());
            if !self.objects.contains_key(oid) {
                let at = |path: &str| json!({"href": format!("{}/objects/{path}", self.endpoint)});
                order["actions"] = json!({"upload": at(oid), "verify": at("verify")});
            }
            order
        });
        let objects: Vec<Value> = objects.collect();
        Json(json!({"transfer": "basic", "objects": objects})).into_response()
    }

    fn commit(&mut self, id: &str, space: &Space, is_proposal: bool, body: &[u8]) -> Response {
        let mut files = space.commits.last().cloned().unwrap_or_default();
        for line in String::from_utf8_lossy(body).lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_default();
            let value = &line["value"];
            let path = value["path"].as_str().unwrap_or_default().to_owned();
            match line["key"].as_str() {
                Some("file") => {
                    drop(files.insert(path, STANDARD.decode(value["content"].as_str().unwrap()).unwrap()))
                }
                Some("lfsFile") => {
                    let content = value["oid"].as_str().and_then(|oid| self.objects.get(oid)).cloned();
                    let Some(content) = content else {
                        return refuse(StatusCode::BAD_REQUEST, "", "an object was not uploaded");
                    };
                    files.insert(path, content);
                }
                Some("deletedFile") => drop(files.remove(&path)),
                _ => {}
            }
        }
        let number = space.commits.len() + 1;
        let oid = commit(id, number);
        let mut answer = json!({
            "success": true, "commitOid": oid, "commitUrl": format!("{}/spaces/{id}/commit/{oid}", self.endpoint), "hookOutput": "",
        });
        if is_proposal {
            answer["pullRequestUrl"] = format!("{}/spaces/{id}/discussions/1", self.endpoint).into();
        } else {
            self.spaces.get_mut(id).unwrap().commits.push(files);
        }
        Json(answer).into_response()
    }

    fn resolve(&self, id: &str, revision: &str, path: &str, is_known: bool) -> Response {
        let space = self.spaces.get(id).filter(|space| is_known || !space.is_private);
        let Some((space, number)) = space.zip(self.number(id, revision)) else {
            return refuse(StatusCode::UNAUTHORIZED, "RepoNotFound", "Repository not found");
        };
        let said = space.commits[number - 1].get(path);
        let Some(content) = space.served.get(path).or(said) else {
            return refuse(StatusCode::NOT_FOUND, "EntryNotFound", "Entry not found");
        };
        let headers = [
            ("etag", format!("\"{}\"", blob(said.unwrap_or(content)))),
            ("x-repo-commit", commit(id, number)),
            ("accept-ranges", "bytes".to_owned()),
        ];
        (headers, content.clone()).into_response()
    }
}

fn describe(id: &str, space: &Space, number: usize, with_files: bool) -> Value {
    let files = &space.commits.get(number.saturating_sub(1)).cloned().unwrap_or_default();
    let page =
        files.get("README.md").map(|page| String::from_utf8_lossy(page).into_owned()).unwrap_or_default();
    let front = page.split("---").nth(1).unwrap_or_default();
    let tags = front
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(|tag| tag.trim_matches(['"', '\'']));
    let siblings = files
        .iter()
        .map(|(path, content)| json!({"rfilename": path, "size": content.len(), "blobId": blob(content)}));
    let mut entry = json!({
        "_id": "0", "id": id, "author": id.split('/').next(), "sha": commit(id, number), "private": space.is_private,
        "likes": space.likes, "lastModified": "2025-11-23T10:00:00.000Z", "createdAt": "2025-01-01T00:00:00.000Z", "sdk": "gradio",
        "tags": tags.collect::<Vec<_>>(), "cardData": {}, "gated": false, "disabled": false,
    });
    if with_files {
        entry["siblings"] = space.siblings.clone().unwrap_or_else(|| siblings.collect());
    }
    entry
}
