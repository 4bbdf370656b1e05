//! Fetching, finding and sharing, against a Hub on this machine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]

#[path = "../../tests/peers/fake_hub.rs"]
mod fake_hub;

use fake_hub::{FakeHub, TOKEN};
use serde_json::json;
use smol_hub::{
    Hub, HubError, Progress, Pushing, RepoName, Search, SortBy,
    folder::{Files, LARGEST_FILE},
};
use std::{fs, path::Path, sync::Mutex};
use tempfile::TempDir;

/// A Hub with the Space `me/tool`, and a client with an empty cache.
async fn start() -> (FakeHub, Hub, TempDir) {
    let fake = FakeHub::start().await;
    fake.put("me/tool", &[("tool.py", "one"), ("requirements.txt", "smolagents\n"), ("sub/more.py", "two")]);
    let folder = tempfile::tempdir().unwrap();
    (fake.clone(), hub(&fake.endpoint, folder.path(), Some(TOKEN)), folder)
}

fn hub(endpoint: &str, cache: &Path, token: Option<&str>) -> Hub {
    Hub {
        endpoint: endpoint.to_owned(),
        token: token.map(Into::into),
        offline: false,
        cache: cache.join("own"),
        shared: cache.join("shared"),
    }
}

fn name(text: &str) -> RepoName {
    text.parse().unwrap()
}

/// All files below a folder, links followed.
fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect());
    let entries: Vec<_> = entries.unwrap_or_default();
    entries
        .into_iter()
        .flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path.display().to_string()] })
        .collect()
}

#[tokio::test]
async fn a_space_is_fetched_once_and_kept_as_python_keeps_it() {
    let (fake, hub, folder) = start().await;
    let steps = Mutex::new(Vec::new());
    let tool = name("me/tool");
    let is_python = |path: &str| path.ends_with(".py");
    let found = hub.snapshot(&tool, is_python, |step| steps.lock().unwrap().push(step)).await.unwrap();
    assert_eq!(found.files.get("tool.py"), Some(b"one".as_slice()));
    assert_eq!(found.files.len(), 2);
    assert_eq!(steps.lock().unwrap().last(), Some(&Progress { received: 6, total: 6 }));
    let space = folder.path().join("shared/spaces--me--tool");
    assert_eq!(fs::read_to_string(space.join("refs/main")).unwrap(), found.commit);
    let file = space.join("snapshots").join(&found.commit).join("sub/more.py");
    assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    assert_eq!(fs::read_link(&file).unwrap().parent(), Some(Path::new("../../../blobs")));
    // A folder of this cache is read through its links.
    assert_eq!(Files::from_folder(&found.folder).unwrap(), found.files);
    let again = hub.snapshot(&tool, is_python, |_| ()).await.unwrap();
    assert_eq!(again, found);
    let fetched = fake.requests().iter().filter(|(request, _)| request.contains("/resolve/")).count();
    assert_eq!(fetched, 2);
}

#[tokio::test]
async fn a_revision_stays_what_it_was() {
    let (fake, hub, _folder) = start().await;
    let first = hub.repo(&name("me/tool")).await.unwrap().commit;
    fake.put("me/tool", &[("tool.py", "changed")]);
    let now = hub.snapshot(&name("me/tool"), |_| true, |_| ()).await.unwrap();
    assert_eq!(now.files.get("tool.py"), Some(b"changed".as_slice()));
    let then = hub.snapshot(&name(&format!("me/tool@{first}")), |_| true, |_| ()).await.unwrap();
    assert_eq!((then.commit, then.files.get("tool.py")), (first, Some(b"one".as_slice())));
}

#[tokio::test]
async fn what_was_fetched_is_there_without_a_network() {
    let (_fake, mut hub, folder) = start().await;
    let found = hub.snapshot(&name("me/tool"), |_| true, |_| ()).await.unwrap();
    hub.offline = true;
    assert_eq!(hub.snapshot(&name("me/tool"), |_| true, |_| ()).await.unwrap(), found);
    let pinned = name(&format!("me/tool@{}", found.commit));
    assert_eq!(hub.snapshot(&pinned, |_| true, |_| ()).await.unwrap(), found);
    let error = hub.snapshot(&name("me/other"), |_| true, |_| ()).await.unwrap_err();
    assert!(matches!(&error, HubError::NotCached { repo } if repo == "me/other"), "{error:?}");
    let nowhere = self::hub("http://127.0.0.1:1", folder.path(), None);
    assert_eq!(nowhere.snapshot(&name("me/tool"), |_| true, |_| ()).await.unwrap(), found);
    let error = nowhere.snapshot(&name("me/other"), |_| true, |_| ()).await.unwrap_err();
    assert!(matches!(&error, HubError::Unreachable { .. }), "{error:?}");
}

/// A Space whose list of files, or a file, is as given must be refused, and nothing of it be kept.
async fn refused(
    siblings: serde_json::Value,
    served: Option<&[u8]>,
    is_expected: impl Fn(&HubError) -> bool,
) {
    let (fake, hub, folder) = start().await;
    fake.lie("me/tool", siblings);
    if let Some(content) = served {
        fake.swap("me/tool", "tool.py", content);
    }
    let error = hub.snapshot(&name("me/tool"), |_| true, |_| ()).await.unwrap_err();
    assert!(is_expected(&error), "{error:?}");
    assert_eq!(files_in(&folder.path().join("shared")), Vec::<String>::new());
    // Nothing is asked for before all names and lengths are found good.
    let fetched = fake.requests().iter().filter(|(request, _)| request.contains("/resolve/")).count();
    assert_eq!(fetched, usize::from(served.is_some()));
}

#[tokio::test]
async fn what_cannot_be_trusted_is_refused_before_or_after() {
    for path in ["../x", "/etc/passwd", "a/../../x", "C:\\x", "nul", "a\u{0}b", ""] {
        refused(json!([{"rfilename": path, "size": 3}]), None, |error| {
            matches!(error, HubError::Path { .. })
        })
        .await;
    }
    let large = json!([{"rfilename": "tool.py", "size": 2_u64 << 30}]);
    refused(large, None, |error| {
        matches!(error, HubError::TooLarge { path, size: 2_147_483_648, limit: LARGEST_FILE } if path == "tool.py")
    })
    .await;
    let many: Vec<_> =
        (0..2000).map(|number| json!({"rfilename": format!("{number}.py"), "size": 1})).collect();
    refused(json!(many), None, |error| matches!(error, HubError::TooMany { .. })).await;
    let entry = json!([{"rfilename": "tool.py", "size": 3, "blobId": "0".repeat(40)}]);
    refused(entry, Some(b"two"), |error| matches!(error, HubError::Checksum { .. })).await;
    let longer = json!([{"rfilename": "tool.py", "size": 3}]);
    refused(longer.clone(), Some(b"longer"), |error| matches!(error, HubError::Length { expected: 3, .. }))
        .await;
    refused(longer, Some(b"x"), |error| matches!(error, HubError::Length { expected: 3, found: 1, .. }))
        .await;
}

#[tokio::test]
async fn private_spaces_need_the_token_and_no_message_holds_it() {
    let (fake, hub, folder) = start().await;
    let mut files = Files::new();
    files.insert("tool.py", "secret tool").unwrap();
    let pushing = Pushing { private: Some(true), ..Pushing::default() };
    hub.push(&name("me/mine"), "tool", files, &pushing).await.unwrap();
    assert!(fake.is_private("me/mine"));
    assert!(hub.snapshot(&name("me/mine"), |_| true, |_| ()).await.is_ok());
    for token in [None, Some("hf_wrong_token")] {
        let stranger = self::hub(&fake.endpoint, &folder.path().join("other"), token);
        let error = stranger.snapshot(&name("me/mine"), |_| true, |_| ()).await.unwrap_err();
        assert!(matches!(&error, HubError::Refused { status: 401, .. }), "{error:?}");
        assert!(!format!("{error} {error:?} {stranger:?}").contains("hf_wrong"));
    }
}

#[tokio::test]
async fn sharing_makes_a_space_and_one_commit() {
    let (fake, hub, _folder) = start().await;
    let mut files = Files::new();
    files.insert("tool.py", "mine").unwrap();
    let pushed = hub.push(&name("team/new"), "tool", files.clone(), &Pushing::default()).await.unwrap();
    assert!(pushed.url.ends_with(&pushed.commit) && pushed.pull_request.is_none());
    // Nothing was said of who may see it, so the organisation's own rule holds.
    assert!(fake.is_private("team/new"));
    let made = fake.requests().into_iter().find(|(request, _)| request.contains("repos/create")).unwrap().1;
    assert!(!made.contains("private") && !made.contains("visibility"), "{made}");
    let there = fake.files("team/new");
    assert_eq!(there["tool.py"], "mine");
    assert!(there["README.md"].contains("smolagents") && there["README.md"].contains("gradio"), "{there:?}");
    // What people wrote into the page stays.
    fake.put("team/new", &[("README.md", "---\nlicense: mit\n---\n\n# Mine\n"), ("tool.py", "mine")]);
    hub.push(&name("team/new"), "tool", files.clone(), &Pushing::default()).await.unwrap();
    let page = &fake.files("team/new")["README.md"];
    assert!(page.contains("license: mit") && page.contains("# Mine") && page.contains("tool"), "{page}");
    let proposal = Pushing { create_pr: true, message: Some("Try this".to_owned()), private: Some(false) };
    files.insert("tool.py", "other").unwrap();
    let pushed = hub.push(&name("team/new"), "tool", files, &proposal).await.unwrap();
    assert!(pushed.pull_request.is_some_and(|url| url.ends_with("/discussions/1")));
    assert_eq!(fake.files("team/new")["tool.py"], "mine");
    assert!(fake.requests().iter().any(|(_, body)| body.contains("Try this")));
}

#[tokio::test]
async fn what_the_hub_keeps_beside_git_is_sent_once() {
    let (fake, hub, _folder) = start().await;
    let mut files = Files::new();
    files.insert("tool.py", "mine").unwrap();
    files.insert("picture.png", "x").unwrap();
    for path in ["team/one", "team/two"] {
        hub.push(&name(path), "tool", files.clone(), &Pushing::default()).await.unwrap();
        assert_eq!(fake.files(path)["picture.png"], "x");
    }
    let requests = fake.requests();
    let count = |start: &str| requests.iter().filter(|(request, _)| request.starts_with(start)).count();
    assert_eq!(
        (count("POST /spaces/team/"), count("PUT /objects/"), count("POST /objects/verify")),
        (2, 1, 1)
    );
    let (_, body) = requests.iter().rfind(|(request, _)| request.contains("/commit/")).unwrap();
    let sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    assert!(
        body.contains("lfsFile") && body.contains(sha256) && !body.contains(r#""content":"eA==""#),
        "{body}"
    );
}

#[tokio::test]
async fn nobody_shares_without_an_account() {
    let (fake, mut hub, _folder) = start().await;
    assert_eq!(hub.whoami().await.unwrap(), "me");
    let error = hub.push(&name("other/x"), "tool", Files::new(), &Pushing::default()).await.unwrap_err();
    assert!(matches!(&error, HubError::Refused { status: 403, .. }), "{error:?}");
    assert!(error.to_string().contains("rights to create"), "{error}");
    hub.token = None;
    let before = fake.requests().len();
    let error = hub.push(&name("me/x"), "tool", Files::new(), &Pushing::default()).await.unwrap_err();
    assert!(matches!(&error, HubError::NoToken { .. }), "{error:?}");
    assert_eq!(fake.requests().len(), before);
}

#[tokio::test]
async fn others_tools_are_found() {
    let (fake, hub, _folder) = start().await;
    for (id, tag) in [("a/weather", "tool"), ("b/weather-desk", "agent"), ("c/other", "tool")] {
        fake.put(id, &[("README.md", &format!("---\ntags:\n- smolagents\n- {tag}\n---\n"))]);
    }
    let search =
        Search { words: "weather".to_owned(), sort: SortBy::Downloads, limit: 10, ..Search::default() };
    let found = hub.search(&search).await.unwrap();
    let ids = |found: &[smol_hub::Found]| found.iter().map(|space| space.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&found), ["a/weather", "b/weather-desk"]);
    let agents = Search { tags: vec!["agent".to_owned()], limit: 10, ..Search::default() };
    assert_eq!(ids(&hub.search(&agents).await.unwrap()), ["b/weather-desk"]);
    let listed = hub.collection("me/all-0123456789abcdef01234567").await.unwrap();
    assert_eq!(
        listed.iter().map(|name| name.id.as_str()).collect::<Vec<_>>(),
        ["a/weather", "b/weather-desk", "c/other", "me/tool"]
    );
}

#[tokio::test]
async fn what_was_found_good_is_remembered() {
    let (_fake, hub, _folder) = start().await;
    let tool = name("me/tool");
    assert_eq!(hub.trusted(&tool), None);
    let commit = hub.repo(&tool).await.unwrap().commit;
    hub.trust(&tool, &commit).unwrap();
    assert_eq!(hub.trusted(&name("me/tool@v2")), Some(commit));
}
