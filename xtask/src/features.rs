//! `cargo xtask features`: each feature of the facade builds without the others.

#![expect(clippy::indexing_slicing, reason = "what JSON does not hold is null")]

use crate::bench::target_folder;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    process::Command,
};

/// Those that need what few machines have, and the one that is several others.
const LEFT_OUT: [&str; 4] = ["cuda", "default", "flash-attention", "metal"];

/// Checks each feature beside what the workspace's own build has of other people's crates, which is compiled once for all of them.
/// What a feature fails to ask of such a crate goes unnoticed where another part asks for it: [`exactly`] notices.
pub fn beside_the_workspace() -> anyhow::Result<()> {
    let metadata = metadata()?;
    let root = serde_json::to_string(&std::env::current_dir()?)?;
    let mut manifest = format!(
        "[package]\nname = \"features\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nsmolagents = {{ path = {root}, default-features = false }}\n"
    );
    manifest.push_str(&others(&metadata)?);
    manifest.push_str("\n[features]\n");
    for feature in features(&metadata)? {
        writeln!(manifest, "{feature} = [\"smolagents/{feature}\"]")?;
    }
    let own = fs::read_to_string("Cargo.toml")?;
    // Only what is compiled alike is compiled once.
    manifest.push_str(own.get(own.find("\n[profile.dev]").context("no profiles")?..).unwrap_or_default());
    let (target, folder) = (target_folder(), target_folder().join("features"));
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "")?;
    fs::copy("Cargo.lock", folder.join("Cargo.lock"))?;
    let [manifest, target] = [folder.join("Cargo.toml"), target].map(|path| path.display().to_string());
    check_each(&metadata, &["--manifest-path", &manifest, "--target-dir", &target])
}

/// Checks each feature with nothing beside it, as somebody has it who asks for no more.
pub fn exactly() -> anyhow::Result<()> {
    check_each(&metadata()?, &["-p", "smolagents", "--no-default-features"])
}

#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
fn check_each(metadata: &Value, arguments: &[&str]) -> anyhow::Result<()> {
    for feature in std::iter::once(String::new()).chain(features(metadata)?) {
        let mut command = Command::new("cargo");
        command.args(["check", "-q"]).args(arguments).args(["--features", &feature]);
        ensure!(command.status()?.success(), "the feature `{feature}` does not build on its own");
        println!("builds on its own: `{feature}`");
    }
    Ok(())
}

/// What cargo knows of the workspace as it is built without options.
fn metadata() -> anyhow::Result<Value> {
    let version = Command::new("rustc").arg("-vV").output()?;
    let version = String::from_utf8(version.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("no host")?;
    let arguments = ["metadata", "--format-version", "1", "--filter-platform", host];
    let output = Command::new("cargo").args(arguments).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The facade's features.
fn features(metadata: &Value) -> anyhow::Result<Vec<String>> {
    let packages = list(&metadata["packages"]);
    let facade = packages.iter().find(|package| package["name"] == "smolagents").context("no facade")?;
    let features = facade["features"].as_object().context("no features")?;
    Ok(features.keys().filter(|name| !LEFT_OUT.contains(&name.as_str())).cloned().collect())
}

/// Other people's crates that ours ask for, as dependencies with the features that they have in the workspace's build.
fn others(metadata: &Value) -> anyhow::Result<String> {
    let nodes = list(&metadata["resolve"]["nodes"]);
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let members: BTreeSet<&str> =
        list(&metadata["workspace_members"]).iter().filter_map(Value::as_str).collect();
    let asked = members.iter().filter_map(|member| nodes.get(member));
    let asked = asked.flat_map(|node| list(&node["dependencies"])).filter_map(Value::as_str);
    let asked: BTreeSet<&str> = asked.filter(|id| !members.contains(id)).collect();
    let mut lines = String::new();
    for (number, id) in asked.into_iter().enumerate() {
        // As in `registry+https://…#serde@1.0.228`.
        let (_, named) = id.rsplit_once('#').context("an id without a name")?;
        let (name, version) = named.rsplit_once('@').context("an id without a version")?;
        let features = nodes.get(id).map(|node| &node["features"]).context("an unknown id")?;
        writeln!(
            lines,
            "other-{number} = {{ package = \"{name}\", version = \"={version}\", default-features = false, features = {features} }}"
        )?;
    }
    Ok(lines)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
