//! Folders on the disk, and what of them is refused.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use smol_hub::{
    HubError,
    folder::{AgentFolder, Files, Prompts},
};
use std::fs;

fn agent(json: &str) -> Files {
    let mut files = Files::new();
    files.insert("agent.json", json).unwrap();
    files
}

#[test]
fn what_is_not_known_is_kept() {
    let mut files = agent(r#"{"class": "CodeAgent", "tools": ["a"], "grammar": {"x": 1}, "later": true}"#);
    files.insert("tools/a.py", "code").unwrap();
    files.insert("prompts.yaml", "system_prompt: |-\n  one\n  two\nnew: {deep: text}\n").unwrap();
    files.insert("notes/x.txt", "mine").unwrap();
    let read = AgentFolder::read(&files).unwrap();
    assert_eq!(read.prompts.as_ref().unwrap().keys(), ["system_prompt", "new"]);
    let written = read.files().unwrap();
    let again = AgentFolder::read(&written).unwrap();
    assert_eq!(again.file.others, read.file.others);
    assert_eq!((again.prompts, again.tools), (read.prompts, read.tools));
    assert_eq!(written.get("notes/x.txt"), Some(b"mine".as_slice()));
    assert!(written.text("prompts.yaml").unwrap().unwrap().contains("  one\n  two\n"));
}

#[test]
fn older_versions_are_read() {
    let json = r#"{"tools": [], "managed_agents": {}, "grammar": null, "authorized_imports": ["math"],
        "model": {"class": "HfApiModel", "data": {"model_id": "a/b", "last_input_token_count": null}}}"#;
    let read = AgentFolder::read(&agent(json)).unwrap();
    assert_eq!((read.file.class.as_str(), read.file.model.model_id()), ("CodeAgent", Some("a/b")));
    let read = AgentFolder::read(&agent(
        r#"{"tools": [{"name": "final_answer", "code": ""}], "managed_agents": []}"#,
    ));
    assert_eq!(read.unwrap().file.class, "ToolCallingAgent");
}

#[test]
fn what_is_broken_is_named() {
    #[track_caller]
    fn check(files: &Files, expect: &str) {
        let error = AgentFolder::read(files).unwrap_err();
        assert!(error.to_string().contains(expect), "{error}");
    }
    check(&Files::new(), "`agent.json` cannot be used: it is missing");
    check(&agent("{"), "`agent.json` cannot be used: EOF");
    check(&agent(r#"{"class": "Other"}"#), "`Other` is no class of agents");
    check(&agent(r#"{"class": "CodeAgent", "tools": ["x"]}"#), "`tools/x.py` cannot be used: it is missing");
    check(&agent(r#"{"class": "CodeAgent", "tools": ["../x"]}"#), "leads out of the folder");
    check(&agent(r#"{"class": "CodeAgent", "tools": ["a/b"]}"#), "a name has no folders");
    check(&agent(r#"{"class": "CodeAgent", "tools": [3]}"#), "`tools` holds 3");
    check(
        &agent(r#"{"class": "CodeAgent", "managed_agents": {"m": "CodeAgent"}}"#),
        "`managed_agents/m/agent.json` cannot be used",
    );
    let mut files = agent(r#"{"class": "CodeAgent"}"#);
    files.insert("prompts.yaml", "a: [").unwrap();
    check(&files, "`prompts.yaml` cannot be used");
    files.insert("prompts.yaml", b"\xff\xfe".as_slice()).unwrap();
    check(&files, "`prompts.yaml` cannot be used: it is not UTF-8");
}

#[test]
fn a_small_file_cannot_become_a_large_one() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (before, letter) in ('a'..'j').zip('b'..'k') {
        bomb += &format!("{letter}: &{letter} [{}]\n", vec![format!("*{before}"); 10].join(", "));
    }
    assert!(Prompts::read(&bomb).is_err());
    assert!(Prompts::read(&format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000))).is_err());
}

#[cfg(unix)]
#[test]
fn no_link_leads_out() {
    let folder = tempfile::tempdir().unwrap();
    let (inside, outside) = (folder.path().join("in"), folder.path().join("out.txt"));
    fs::create_dir(&inside).unwrap();
    fs::write(&outside, "secret").unwrap();
    fs::write(inside.join("tool.py"), "x").unwrap();
    std::os::unix::fs::symlink(inside.join("tool.py"), inside.join("same.py")).unwrap();
    assert_eq!(Files::from_folder(&inside).unwrap().len(), 2);
    std::os::unix::fs::symlink(&outside, inside.join("link.py")).unwrap();
    let error = Files::from_folder(&inside).unwrap_err();
    assert!(matches!(&error, HubError::Path { path, .. } if path == "link.py"), "{error:?}");
    fs::remove_file(inside.join("link.py")).unwrap();
    std::os::unix::fs::symlink(&inside, inside.join("round")).unwrap();
    assert!(matches!(Files::from_folder(&inside), Err(HubError::Path { .. } | HubError::TooMany { .. })));
}

#[test]
fn files_go_to_the_disk_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Files::new();
    files.insert("a/b.py", "x").unwrap();
    files.insert("c.txt", b"\xff".as_slice()).unwrap();
    files.write_to(folder.path().join("new")).unwrap();
    assert_eq!(Files::from_folder(folder.path().join("new")).unwrap(), files);
    assert!(matches!(Files::from_folder(folder.path().join("none")), Err(HubError::Unread { .. })));
}
