//! The working folder.

use super::with;
use crate::common::{error, feed, text};
use smol_core::exec::{Executor, Outcome, SandboxSpec};
use smol_exec::Wasm;
use std::{fs, path::Path};

/// Feeds rows of code and the text of its value to one sandbox.
async fn check(executor: Wasm, rows: &[(&str, &str)]) {
    let mut sandbox = with(executor, SandboxSpec::default()).await;
    for (code, expect) in rows {
        assert_eq!(text(&feed(&mut *sandbox, code).await), *expect, "{code}");
    }
}

/// The error of the sandbox that does not open.
async fn refused(executor: Wasm) -> String {
    crate::common::use_test_cache();
    let opened = executor.open(SandboxSpec::default(), &|_| ()).await;
    opened.err().expect("it does not open").to_string()
}

#[tokio::test]
async fn code_has_a_folder_of_its_own() {
    let rows = [
        ("import os, pathlib\nos.getcwd(), os.listdir('.')", "('/work', [])"),
        ("pathlib.Path('a/b').mkdir(parents=True)\npathlib.Path('a/b/c.txt').write_text('ä')", "1"),
        ("open(os.path.join('/work', 'a/b/c.txt'), encoding='utf-8').read()", "'ä'"),
        (
            "with open('l', 'a') as file: file.write('x')\nwith open('l', 'a') as file: file.write('y')\nos.path.getsize('l')",
            "2",
        ),
        ("os.rename('l', 'm'), sorted(os.listdir()), os.remove('m')", "(None, ['a', 'm'], None)"),
        (
            "import sqlite3\nwith sqlite3.connect('d') as d: d.execute('create table t (x)')\nos.path.exists('d')",
            "True",
        ),
        (
            "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'abc')\nsorted(os.listdir())",
            "['a', 'd']",
        ),
        ("import shutil\nshutil.rmtree('a')\nos.listdir()", "['d']"),
    ];
    check(Wasm::new(), &rows).await;
    check(Wasm::new(), &[("import os\nos.listdir()", "[]")]).await;
}

#[tokio::test]
async fn files_are_given_and_those_made_stay_in_a_folder_of_the_user() {
    let folder = tempfile::tempdir().expect("a folder");
    let executor = Wasm::new().working_folder(folder.path()).file("data/in.csv", "a,b\n1,2\n");
    check(executor, &[("data = open('data/in.csv').read()\nopen('out.txt', 'w').write(data * 2)", "16")])
        .await;
    assert_eq!(fs::read_to_string(folder.path().join("out.txt")).expect("made"), "a,b\n1,2\na,b\n1,2\n");
    check(Wasm::new().file("x", [0, 255]), &[("open('x', 'rb').read()", "b'\\x00\\xff'")]).await;
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_names_lead_nowhere_else() {
    let (outside, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let secret = outside.path().join("secret");
    fs::write(&secret, "canary").expect("written");
    std::os::unix::fs::symlink(&secret, folder.path().join("file")).expect("linked");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("folder")).expect("linked");
    let executor = Wasm::new().working_folder(folder.path());
    let mut sandbox = with(executor, SandboxSpec::default()).await;
    let above = format!("open('..{}').read()", secret.display());
    for code in [
        "open('file').read()",
        "open('file', 'w')",
        "open('folder/secret').read()",
        "open('folder/new', 'w')",
        "import os\nos.listdir('folder')",
        "os.listdir('..')",
        "os.symlink('../secret', 'link')",
        "os.link('file', 'link')",
        "os.rename('file', '../moved')",
        "os.chdir('..')\nos.listdir('.')",
        "os.chdir('/work')\nopen('a\\0b', 'w')",
        "open('a' * 5000, 'w')",
        above.as_str(),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(matches!(outcome, Outcome::Raised { .. }), "{code}: {outcome:?}");
    }
    assert_eq!(fs::read_to_string(&secret).expect("it is there"), "canary");
    assert_eq!(fs::read_dir(outside.path()).expect("listed").count(), 1);
}

#[tokio::test]
async fn what_is_written_is_bounded_and_the_session_goes_on() {
    let executor = Wasm::new().written(1 << 20);
    let mut sandbox = with(executor, SandboxSpec::default()).await;
    for code in [
        "file = open('flood', 'wb', buffering=0)\nwhile True: file.write(bytes(65536))",
        "with open('more', 'w') as file: file.write('x' * 100_000)",
        "import os\nos.truncate('flood', 1 << 40)",
        "n = 0\nwhile True:\n    n += 1\n    open(f'file{n}', 'w').close()",
        "os.mkdir('folder')",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(error(&outcome).contains("OSError"), "{code}: {outcome:?}");
    }
    let outcome = feed(&mut *sandbox, "os.path.getsize('flood') <= 1 << 20, n < 10_001").await;
    assert_eq!(text(&outcome), "(True, True)");
}

#[tokio::test]
async fn files_that_would_lie_elsewhere_and_folders_that_are_not_there_are_refused() {
    for name in ["", "/etc/x", "../x", "a/../../x", "."] {
        let message = refused(Wasm::new().file(name, "")).await;
        assert!(message.contains("would not be in the working folder"), "{name}: {message}");
    }
    let message = refused(Wasm::new().working_folder(Path::new("missing"))).await;
    assert!(message.contains("`missing` is not there\n\nhint: make it first"), "{message}");
}
