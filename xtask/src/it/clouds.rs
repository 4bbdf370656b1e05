//! The stand-ins for services of sandboxes, as the services' own libraries see them; and the services themselves.

use crate::bench::{python_with, run_to_end, target_folder};
use anyhow::{bail, ensure};
use std::process::Command;

/// A service, its feature, and what must be set to use it.
const SERVICES: &[(&str, &[&str])] =
    &[("e2b", &["E2B_API_KEY"]), ("modal", &["MODAL_TOKEN_ID", "MODAL_TOKEN_SECRET"])];

/// E2B's library against the stand-in for E2B.
pub fn e2b() -> anyhow::Result<()> {
    let python = python_with("e2b", &["e2b==2.63.0"])?;
    let fake = "smol-exec/tests/sandboxes/e2b/fake.py";
    run_to_end(Command::new(python).args(["xtask/src/it/e2b_check.py", fake]))
}

/// Modal's library against the stand-in for Modal.
pub fn modal() -> anyhow::Result<()> {
    let python = python_with("modal", &["modal==1.6.4"])?;
    let example =
        ["-p", "smol-exec", "--no-default-features", "--features", "modal", "--example", "modal_fake"];
    run_to_end(Command::new("cargo").args(["build", "-q"]).args(example))?;
    let fake = target_folder().join("debug/examples/modal_fake");
    run_to_end(Command::new(python).arg("xtask/src/it/modal_check.py").arg(fake))
}

/// Our executor against the service itself, whose key must be set.
pub fn live(name: &str) -> anyhow::Result<()> {
    let Some((_, variables)) = SERVICES.iter().find(|(known, _)| *known == name) else {
        bail!("`{name}` is no service\n\nhint: there are `e2b`, `modal`");
    };
    for variable in *variables {
        ensure!(std::env::var_os(variable).is_some(), "`{variable}` is not set");
    }
    let example = ["run", "-q", "-p", "smol-exec", "--no-default-features", "--features", name];
    run_to_end(Command::new("cargo").args(example).args(["--example", "sandbox", "--", name]))
}
