//! Every executor runs every program of `cases/` and prints what CPython prints.

use crate::common;
use smol_core::exec::{Executor, Outcome, SandboxSpec};
use std::{fs, path::Path};

/// Fails unless `executor` passes every case.
#[cfg(any(feature = "wasm", all(target_os = "linux", feature = "process")))]
pub(crate) async fn passes(executor: &dyn Executor) {
    passes_sample(executor, 1).await;
}

/// The same for an executor that takes long to open: fails unless it passes some of the cases, and all of them where
/// `SMOLAGENTS_TEST_ALL` is set.
#[cfg(feature = "jupyter")]
pub(crate) async fn passes_slowly(executor: &dyn Executor) {
    passes_sample(executor, if std::env::var_os("SMOLAGENTS_TEST_ALL").is_some() { 1 } else { 20 }).await;
}

/// Fails unless `executor` passes one case in `step`.
pub(crate) async fn passes_sample(executor: &dyn Executor, step: usize) {
    let failures = failures(executor, step).await;
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// Runs one case in `step`, each in a sandbox of its own and returns what went wrong, a line or more for each failing case.
async fn failures(executor: &dyn Executor, step: usize) -> Vec<String> {
    let mut failures = Vec::new();
    for (name, code, expected) in cases().into_iter().step_by(step) {
        let mut sandbox = common::open(executor, SandboxSpec::default()).await;
        match common::feed(&mut *sandbox, &code).await {
            Outcome::Value { logs, .. } if logs == expected => {}
            Outcome::Value { logs, .. } => {
                failures.push(format!("{name}: expected\n{expected}\nbut got\n{logs}"))
            }
            other => failures.push(format!("{name}: {other:?}")),
        }
    }
    failures
}

fn cases() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let files = fs::read_dir(folder).expect("the cases are there");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "py"));
    paths.sort();
    assert!(!paths.is_empty());
    let read =
        |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    paths
        .iter()
        .map(|path| (path.display().to_string(), read(path), read(&path.with_extension("out"))))
        .collect()
}

#[cfg(feature = "wasm")]
#[tokio::test]
async fn wasm_passes_every_case() {
    common::use_test_cache();
    passes(&smol_exec::Wasm::new()).await;
}

#[cfg(all(target_os = "linux", feature = "process"))]
#[tokio::test]
async fn process_passes_every_case_under_bubblewrap() {
    passes(&crate::process::confined(smol_exec::Confinement::Bubblewrap)).await;
}

#[cfg(all(target_os = "linux", feature = "process"))]
#[tokio::test]
async fn process_passes_every_case_under_landlock() {
    passes(&crate::process::confined(smol_exec::Confinement::Landlock)).await;
}
