//! Which Python and which confinement are found, and what is said where there is none.

use super::{CONFINEMENTS, confined, sandbox};
use crate::common::{feed, text};
use smol_core::exec::{Executor, SandboxSpec};
use smol_exec::{Confinement, Process};
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};
use tempfile::TempDir;

/// A program that is this shell script.
fn script(folder: &TempDir, body: &str) -> PathBuf {
    let path = folder.path().join("python");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    path
}

async fn error(executor: &Process) -> String {
    let opened = executor.open(SandboxSpec::default(), &|_| ()).await;
    opened.err().expect("it does not open").to_string()
}

#[tokio::test]
async fn a_python_that_does_not_serve_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = error(&Process::new().python("/no/such/python3")).await;
    assert!(missing.contains("`/no/such/python3`: No such file"), "{missing}");
    for (body, expected) in [
        (
            r#"echo '{"version": [3, 8], "program": [], "folders": [], "landlock": 0}'"#,
            "it is Python 3.8, and 3.11 is the oldest that serves",
        ),
        ("echo hello", "expected value"),
        ("exit 0", "EOF while parsing"),
        ("echo 'it is broken' >&2; exit 1", "it is broken"),
        ("kill -9 $$", "signal: 9"),
    ] {
        let message = error(&Process::new().python(script(&folder, body))).await;
        assert!(
            message.contains(expected) && message.contains("\n\nhint: install Python 3.11 or newer"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_virtual_environment_brings_its_modules() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let made =
        Command::new("/usr/bin/python3").args(["-m", "venv", "--without-pip"]).arg(folder.path()).status();
    assert!(made.expect("Python starts").success());
    let library = Command::new(folder.path().join("bin/python3"))
        .args(["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'], end='')"])
        .output()
        .expect("it tells its folder");
    let library = PathBuf::from(String::from_utf8(library.stdout).expect("text"));
    fs::write(library.join("of_this_environment.py"), "answer = 42").expect("a module");
    for confinement in CONFINEMENTS {
        let executor = Process::new().confinement(confinement).python(folder.path().join("bin/python3"));
        let mut inside = sandbox(&executor).await;
        assert_eq!(text(&feed(&mut *inside, "import of_this_environment as m\nm.answer").await), "42");
        let outcome = feed(&mut *sandbox(&confined(confinement)).await, "import of_this_environment").await;
        assert!(crate::common::error(&outcome).contains("ModuleNotFoundError"));
    }
}

/// Runs a test of this file in a process of its own, with another environment.
fn again(test: &str, path: &std::path::Path) {
    let status = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("process::found::{test}"), "--quiet"])
        .env("PATH", path)
        .env(ALONE, "1")
        .output()
        .expect("it starts");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
}

/// Set where a test runs in a process of its own.
const ALONE: &str = "SMOLAGENTS_TEST_ALONE";

/// Whether bubblewrap keeps code, which makes it somebody else than Landlock does.
const IS_NOBODY: &str = "import os\nos.getuid() == 65534";

#[tokio::test]
async fn without_bubblewrap_it_is_landlock_and_without_both_an_error() {
    if std::env::var_os(ALONE).is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        for program in ["sh", "sed"] {
            let found = ["/bin", "/usr/bin"].map(|place| PathBuf::from(place).join(program));
            let found = found.iter().find(|file| file.exists()).expect("the system has it");
            std::os::unix::fs::symlink(found, folder.path().join(program)).expect("a link");
        }
        return again("without_bubblewrap_it_is_landlock_and_without_both_an_error", folder.path());
    }
    let executor = Process::new().python("/usr/bin/python3");
    assert_eq!(text(&feed(&mut *sandbox(&executor).await, IS_NOBODY).await), "False");
    let folder = tempfile::tempdir().expect("a folder");
    let python = script(&folder, r#"/usr/bin/python3 "$@" | sed 's/"landlock": [0-9]*/"landlock": -1/'"#);
    let message = error(&Process::new().python(&python)).await;
    assert!(
        message.contains("`bwrap`: No such file") && message.contains("this system has no Landlock"),
        "{message}"
    );
    assert!(message.contains("\n\nhint: install bubblewrap"), "{message}");
    let asked = Process::new().python(&python).confinement(Confinement::Landlock);
    assert!(error(&asked).await.contains("this system has no Landlock"));
}

/// Where a machine keeps bubblewrap elsewhere than other systems do.
#[tokio::test]
async fn bubblewrap_is_found_on_the_path() {
    if std::env::var_os(ALONE).is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let note = folder.path().join("was_called");
        let body = format!("echo called >> {}\nexec /usr/bin/bwrap \"$@\"", note.display());
        fs::rename(script(&folder, &body), folder.path().join("bwrap")).expect("a name");
        std::os::unix::fs::symlink("/bin/sh", folder.path().join("sh")).expect("a link");
        again("bubblewrap_is_found_on_the_path", folder.path());
        let calls = fs::read_to_string(note).expect("it was called").lines().count();
        return assert_eq!(calls, 2, "once to see whether it works, once to be used");
    }
    let executor = Process::new().python("/usr/bin/python3");
    assert_eq!(text(&feed(&mut *sandbox(&executor).await, IS_NOBODY).await), "True");
}
