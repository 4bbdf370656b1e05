//! The list of authorised imports.

use crate::common::{error, feed, open, text};
use smol_core::exec::{Executor, Sandbox, SandboxSpec};

async fn allowing(executor: &dyn Executor, names: &[&str]) -> Box<dyn Sandbox> {
    let authorized_imports = Some(names.iter().map(|&name| name.to_owned()).collect());
    open(executor, SandboxSpec { authorized_imports, ..SandboxSpec::default() }).await
}

pub(super) async fn what_is_not_listed_is_refused(executor: &dyn Executor) {
    let mut sandbox = allowing(executor, &["math", "os.path", "importlib"]).await;
    for (code, name) in [
        ("import json", "json"),
        ("from json import dumps", "json"),
        ("import os", "os"),
        ("from os import listdir", "os"),
        ("from os import path, listdir", "os"),
        ("import mathematics", "mathematics"),
        ("__import__('json')", "json"),
        ("import importlib\nimportlib.import_module('json')", "json"),
        ("def f():\n    import json\nf()", "json"),
        ("exec('import json')", "json"),
    ] {
        let expected = format!(
            "ImportError: importing `{name}` is not authorised. Authorised imports: `math`, `os.path`, `importlib`"
        );
        assert_eq!(error(&feed(&mut *sandbox, code).await).lines().last(), Some(expected.as_str()), "{code}");
    }
}

pub(super) async fn what_is_listed_may_be_imported_with_its_submodules_and_needs(executor: &dyn Executor) {
    let mut sandbox = allowing(executor, &["statistics", "xml", "os.path", "random"]).await;
    for (code, expected) in [
        ("import statistics\nstatistics.mean([1, 2, 3])", "2"),
        ("import xml.etree.ElementTree as e\ne.fromstring('<a/>').tag", "'a'"),
        ("from xml.etree import ElementTree", ""),
        ("import os.path\nos.path.join('a', 'b')", "'a/b'"),
        ("from os import path", ""),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
    assert_eq!(text(&feed(&mut *allowing(executor, &["*"]).await, "import json").await), "");
    let message = feed(&mut *allowing(executor, &[]).await, "import json").await;
    assert!(error(&message).ends_with("Authorised imports: none"), "{message:?}");
}
