//! The original's Python and this crate, each with what the other wrote: folders, and a Hub between them.

use super::{peer::Peer, test_example};
use crate::bench::{python_with, run_to_end, target_folder};
use std::{fs, path::Path, process::Command};

const SCRIPTS: &str = "xtask/src/it/interop";

/// The original, and what its models and default tools import.
const PACKAGES: &[&str] =
    &["smolagents==1.26.0", "huggingface_hub==2.4.0", "openai", "markdownify", "requests", "wikipedia-api"];

/// The original saves, this crate runs; this crate saves, the original runs; the same over a Hub.
pub fn run() -> anyhow::Result<()> {
    let python = python_with("interop", PACKAGES)?;
    let folder = target_folder().join("interop");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (theirs, ours) = (folder.join("theirs"), folder.join("ours"));
    let hub = hub()?;
    let with_hub = |command: &mut Command, cache: &str| {
        command
            .env("HF_ENDPOINT", hub.url())
            .env("HF_TOKEN", "hf_fake_token_of_me")
            .env("HF_HOME", folder.join(cache))
            .env("HF_HUB_DISABLE_TELEMETRY", "1");
        run_to_end(command)
    };
    let script = |name: &str| {
        let mut command = Command::new(&python);
        command.arg(format!("{SCRIPTS}/{name}"));
        command
    };
    // The Hub of the tests is one that the Hub's own client takes for real.
    with_hub(&mut script("hub_client.py"), "python")?;
    run_to_end(script("definitions.py").arg(&theirs))?;
    with_hub(script("push.py").arg(&theirs), "python")?;
    with_hub(Command::new(test_example("interop")?).args([&theirs, &ours] as [&Path; 2]), "rust")?;
    with_hub(script("load_ours.py").arg(&ours), "python")
}

/// The Hub of the tests, as a process.
fn hub() -> anyhow::Result<Peer> {
    let hub = test_example("fake_hub")?;
    Peer::start("fake-hub", |port| {
        let mut command = Command::new(&hub);
        command.arg(port.to_string());
        Ok(command)
    })
}
