//! The tools of a granted folder: what they do, and that nothing leads out of it.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::{FunctionTool, files::Folder};
use std::{fs, path::Path};
use tempfile::TempDir;

/// A folder `granted` with something in it, beside a file `secret`.
fn granted() -> (TempDir, Folder) {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("granted");
    fs::create_dir_all(inner.join("sub/deep")).unwrap();
    fs::write(outer.path().join("secret"), "secret").unwrap();
    fs::write(inner.join("notes.md"), "one\ntwo\r\nthree").unwrap();
    fs::write(inner.join("sub/code.rs"), "fn main() {}\n// Two\n").unwrap();
    fs::write(inner.join("sub/deep/latin.txt"), b"two caf\xe9").unwrap();
    fs::write(inner.join("empty"), "").unwrap();
    let folder = Folder::open(&inner).unwrap();
    (outer, folder)
}

async fn call(tool: &FunctionTool, arguments: Value) -> Result<Value, String> {
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

async fn fails(tool: &FunctionTool, arguments: Value, expected: &str) {
    let error = call(tool, arguments.clone()).await.unwrap_err();
    assert!(error.starts_with(expected), "{arguments}: {error}");
}

#[tokio::test]
async fn a_file_is_read_whole_or_in_part() {
    let (outer, folder) = granted();
    let tool = folder.read_file();
    let check = async |arguments: Value, expected: &str| {
        assert_eq!(call(&tool, arguments.clone()).await, Ok(json!(expected)), "{arguments}");
    };
    check(json!({"path": "notes.md"}), "one\ntwo\r\nthree").await;
    check(json!({"path": "notes.md", "first_line": 2}), "two\r\nthree").await;
    check(json!({"path": "notes.md", "first_line": 2, "max_lines": 1}), "two\r\n").await;
    check(json!({"path": "notes.md", "first_line": u64::MAX}), "").await;
    check(json!({"path": "notes.md", "max_lines": 0}), "").await;
    check(json!({"path": "sub/../notes.md", "max_lines": 1}), "one\n").await;
    check(json!({"path": "empty"}), "").await;
    let granted = outer.path().join("granted");
    fs::write(granted.join("large"), "x".repeat(1_000_001)).unwrap();
    fails(
        &tool,
        json!({"path": "large"}),
        "`large`: more than the limit of 1000000 bytes at once\n\nhint: read it in",
    )
    .await;
    fs::write(granted.join("long"), "line\n".repeat(500_000)).unwrap();
    check(json!({"path": "long", "first_line": 499_999}), "line\nline\n").await;
    fails(&tool, json!({"path": "nothing"}), "`nothing`: ").await;
    fails(&tool, json!({"path": "sub"}), "`sub` is no file\n\nhint: ").await;
    let no_text = "`sub/deep/latin.txt` is not UTF-8 text: the byte 0xe9 at 7 cannot be read\n\nhint: ";
    fails(&tool, json!({"path": "sub/deep/latin.txt"}), no_text).await;
}

#[tokio::test]
async fn a_file_is_written_whole_with_its_folders() {
    let (outer, folder) = granted();
    let tool = folder.write_file();
    let read = |path: &str| fs::read_to_string(outer.path().join("granted").join(path)).unwrap();
    let check = async |arguments: Value, bytes: usize| {
        assert_eq!(call(&tool, arguments.clone()).await, Ok(json!(bytes)), "{arguments}");
    };
    check(json!({"path": "new/in/here.txt", "content": "hé"}), 3).await;
    assert_eq!(read("new/in/here.txt"), "hé");
    check(json!({"path": "notes.md", "content": "x"}), 1).await;
    check(json!({"path": "notes.md", "content": "y", "append": true}), 1).await;
    assert_eq!(read("notes.md"), "xy");
    check(json!({"path": "log", "content": "z", "append": true}), 1).await;
    assert_eq!(read("log"), "z");
    fails(&tool, json!({"path": "sub", "content": "x"}), "`sub` is no file").await;
    fails(&tool, json!({"path": "", "content": "x"}), "`` is no file").await;
    fails(&tool, json!({"path": "notes.md/x", "content": "x"}), "`notes.md/x`: ").await;
    let large = "x".repeat(10_000_001);
    fails(&tool, json!({"path": "l", "content": large}), "`l`: more than the limit of 10000000 bytes").await;
    let left: Vec<_> =
        fs::read_dir(outer.path().join("granted")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 5, "nothing half-written is left: {left:?}");
}

#[tokio::test]
async fn files_are_listed_and_searched() {
    let (_outer, folder) = granted();
    let paths = async |arguments: Value| {
        let listed = call(&folder.list_files(), arguments).await.unwrap();
        let path = |entry: &Value| {
            format!("{} {} {}", entry["path"], entry["kind"], entry["bytes"]).replace('"', "")
        };
        listed.as_array().unwrap().iter().map(path).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(paths(json!({})).await, "empty file 0, notes.md file 14, sub folder 0");
    assert_eq!(paths(json!({"folder": "./sub/"})).await, "sub/code.rs file 20, sub/deep folder 0");
    assert_eq!(
        paths(json!({"pattern": "*.{rs,txt}"})).await,
        "sub/code.rs file 20, sub/deep/latin.txt file 8"
    );
    assert_eq!(
        paths(json!({"folder": "sub", "pattern": "sub/*"})).await,
        "sub/code.rs file 20, sub/deep folder 0"
    );
    fails(&folder.list_files(), json!({"pattern": "["}), "`[` is no pattern: ").await;
    fails(&folder.list_files(), json!({"folder": "none"}), "`none`: ").await;

    let search = folder.search_files();
    let found = async |arguments: Value| {
        let found = call(&search, arguments).await.unwrap();
        let line =
            |entry: &Value| format!("{}:{}:{}", entry["path"], entry["line"], entry["text"]).replace('"', "");
        found.as_array().unwrap().iter().map(line).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(found(json!({"pattern": "two"})).await, "notes.md:2:two");
    let both = "notes.md:2:two, sub/code.rs:2:// Two";
    assert_eq!(found(json!({"pattern": "TWO", "ignore_case": true})).await, both);
    assert_eq!(found(json!({"pattern": "^t", "max_results": 1})).await, "notes.md:2:two");
    assert_eq!(found(json!({"pattern": "o", "files": "*.rs"})).await, "sub/code.rs:2:// Two");
    fails(&search, json!({"pattern": "("}), "`(` is no pattern: ").await;
}

/// However it is written, nothing outside is read, written, listed or searched.
#[cfg(unix)]
#[tokio::test]
async fn nothing_leads_out() {
    use std::os::unix::fs::symlink;
    let (outer, folder) = granted();
    let inside = outer.path().join("granted");
    symlink("../secret", inside.join("link")).unwrap();
    symlink("..", inside.join("up")).unwrap();
    symlink(outer.path(), inside.join("absolute")).unwrap();
    symlink("notes.md", inside.join("inner")).unwrap();
    let secret = outer.path().join("secret");
    for path in [
        "../secret",
        "sub/../../secret",
        "link",
        "up/secret",
        "absolute/secret",
        &secret.display().to_string(),
    ] {
        fails(&folder.read_file(), json!({"path": path}), &format!("`{path}`")).await;
        let written = call(&folder.write_file(), json!({"path": path, "content": "x"})).await;
        assert!(written.is_err(), "{path}");
        let appended =
            call(&folder.write_file(), json!({"path": path, "content": "x", "append": true})).await;
        assert!(appended.is_err(), "{path}");
    }
    assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
    for path in ["..", "up", "absolute", "/"] {
        assert!(call(&folder.list_files(), json!({"folder": path})).await.is_err(), "{path}");
    }
    assert_eq!(call(&folder.search_files(), json!({"pattern": "secret"})).await, Ok(json!([])));
    assert_eq!(call(&folder.read_file(), json!({"path": "inner", "max_lines": 1})).await, Ok(json!("one\n")));
    assert!(!Path::new(&outer.path().join("x")).exists());
}

/// Between looking and opening, a name may become another thing: the system follows it from the folder's handle, so what
/// is read is always inside.
#[cfg(unix)]
#[tokio::test]
async fn a_link_that_is_swapped_in_leads_nowhere() {
    use std::os::unix::fs::symlink;
    let (outer, folder) = granted();
    let (inside, stop) =
        (outer.path().join("granted"), std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let swapping = std::thread::spawn({
        let stop = stop.clone();
        move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let _ = fs::remove_dir_all(inside.join("door"));
                let _ = fs::create_dir(inside.join("door"));
                let _ = fs::write(inside.join("door/secret"), "inner");
                let _ = fs::remove_dir_all(inside.join("door"));
                let _ = symlink("..", inside.join("door"));
                let _ = fs::remove_file(inside.join("door"));
            }
        }
    });
    for _ in 0..300 {
        let read = call(&folder.read_file(), json!({"path": "door/secret"})).await;
        assert_ne!(read, Ok(json!("secret")));
        let _ = call(&folder.write_file(), json!({"path": "door/secret", "content": "changed"})).await;
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    swapping.join().unwrap();
    assert_eq!(fs::read_to_string(outer.path().join("secret")).unwrap(), "secret");
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let (outer, _) = granted();
    let missing = outer.path().join("missing");
    let error = Folder::open(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&format!("could not open the folder `{}`: ", missing.display())), "{error}");
}
