//! Packages from the host.

use super::with;
use crate::common::{error, feed, text};
use smol_core::exec::{Executor, SandboxSpec};
use smol_exec::Wasm;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A wheel of these files.
fn wheel(folder: &Path, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = folder.join(name);
    let mut wheel = ZipWriter::new(fs::File::create(&path).expect("made"));
    for (name, content) in files {
        wheel.start_file(*name, SimpleFileOptions::default()).expect("begun");
        wheel.write_all(content.as_bytes()).expect("written");
    }
    wheel.finish().expect("finished");
    path
}

#[tokio::test]
async fn wheels_packages_and_folders_of_modules_are_importable() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [("fruit/__init__.py", "from .pip import PIP\n"), ("fruit/pip.py", "PIP = 'apple'\n")];
    let wheel = wheel(folder.path(), "fruit-1.0-py3-none-any.whl", &files);
    let package = folder.path().join("tree");
    fs::create_dir_all(package.join("leaf")).expect("made");
    fs::write(package.join("__init__.py"), "").expect("written");
    fs::write(package.join("leaf/__init__.py"), "def green(): return 'green'\n").expect("written");
    fs::write(folder.path().join("beside.py"), "").expect("written");
    let modules = folder.path().join("modules");
    fs::create_dir(&modules).expect("made");
    fs::write(modules.join("single.py"), "def fail(): raise ValueError('no')\n").expect("written");
    let mut sandbox = with(Wasm::new().packages([wheel, package, modules]), SandboxSpec::default()).await;
    for (code, expect) in [
        ("import fruit\nfruit.PIP", "'apple'"),
        ("from tree.leaf import green\ngreen()", "'green'"),
        ("import single, os\nos.listdir()", "[]"),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expect, "{code}");
    }
    assert!(error(&feed(&mut *sandbox, "single.fail()").await).contains("in fail\n"));
    for code in
        ["import beside", "open(single.__file__, 'w')", "open('/packages/x', 'w')", "os.mkdir('/packages/x')"]
    {
        assert!(error(&feed(&mut *sandbox, code).await).contains("Error"), "{code}");
    }
}

#[tokio::test]
async fn machine_code_and_what_is_no_package_are_refused() {
    async fn check(package: &Path, expect: &str) {
        crate::common::use_test_cache();
        let executor = Wasm::new().packages([package]);
        let opened = executor.open(SandboxSpec::default(), &|_| ()).await;
        let message = opened.err().expect("it does not open").to_string();
        assert!(message.contains(expect), "{message}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let name = "quick-1.0-cp314-cp314-linux_x86_64.whl";
    let compiled = wheel(folder.path(), name, &[("quick/fast.cpython-314.so", "")]);
    check(&compiled, "holds machine code: `quick/fast.cpython-314.so`\n\nhint: in WebAssembly only").await;
    fs::create_dir(folder.path().join("sub")).expect("made");
    fs::write(folder.path().join("sub/x.pyd"), "").expect("written");
    check(folder.path(), "holds machine code").await;
    check(Path::new("missing"), "the package `missing` could not be read").await;
    let text = folder.path().join("text.whl");
    fs::write(&text, "no archive").expect("written");
    check(&text, "could not be read").await;
}
