//! `cargo xtask python-wasm` makes the Python component that smol-exec embeds. The result is a binary in git, so it is
//! made anew only when `guest/sandbox.wit`, `guest/bootstrap/app.py` or the pinned tool below changes; a guest program that
//! is newer than the baked one is fed to it. It needs Python with pip, on Linux for x86-64: the pin is of one wheel.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// What turns a Python program and a WIT world into a component; it carries CPython for WASI.
const TOOL: &str = "componentize-py";
const TOOL_VERSION: &str = "0.25.1";
const PYTHON_VERSION: &str = "3.14.0";
const WHEEL: &str = "componentize_py-0.25.1-cp39-abi3-manylinux_2_28_x86_64.whl";
const WHEEL_SHA256: &str = "8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f";

/// The inputs of ours, below smol-exec.
const SOURCES: [&str; 2] = ["guest/sandbox.wit", "guest/bootstrap/app.py"];

/// The modules of the guest program, in the order in which they load; the same list as in smol-exec.
const PROGRAM: [&str; 8] =
    ["foreign", "values", "tools", "imports", "output", "session", "threadless", "wasm"];

/// Builds, compresses and describes the component.
pub(crate) fn run() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    let (crate_folder, work) = (root.join("smol-exec"), root.join("target/python-wasm"));
    fs::create_dir_all(&work)?;
    let tool = install(&wheel(&work)?, &work)?;
    let program = program(&crate_folder)?;
    let wasm = componentize(&tool, &program, &crate_folder, &work)?;
    let compressed = compress(&wasm)?;
    let artifact = crate_folder.join("artifact");
    fs::create_dir_all(&artifact)?;
    fs::write(artifact.join("python.wasm.xz"), &compressed)?;
    let manifest = serde_json::to_string_pretty(&manifest(&crate_folder, &program, &wasm, &compressed)?)?;
    fs::write(artifact.join("manifest.json"), manifest + "\n")?;
    Ok(())
}

/// The pinned wheel, downloaded unless it is there.
fn wheel(work: &Path) -> anyhow::Result<PathBuf> {
    let wheel = work.join(WHEEL);
    if !wheel.exists() {
        let mut pip = python();
        pip.args([
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--platform",
            "manylinux_2_28_x86_64",
        ]);
        succeed(pip.arg("--dest").arg(work).arg(format!("{TOOL}=={TOOL_VERSION}")))?;
    }
    let found = sha256(&fs::read(&wheel).with_context(|| format!("could not read `{}`", wheel.display()))?);
    ensure!(found == WHEEL_SHA256, "`{WHEEL}` has the hash {found}, not the pinned {WHEEL_SHA256}");
    Ok(wheel)
}

fn install(wheel: &Path, work: &Path) -> anyhow::Result<PathBuf> {
    let folder = work.join("tool");
    let mut pip = python();
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--upgrade", "--target"]);
    succeed(pip.arg(&folder).arg(wheel))?;
    Ok(folder)
}

/// The guest program as one JSON text, byte for byte as smol-exec makes it.
fn program(crate_folder: &Path) -> anyhow::Result<String> {
    let mut modules = Vec::new();
    for name in PROGRAM {
        let path = crate_folder.join(format!("guest/program/{name}.py"));
        modules.push((format!("guest_{name}"), fs::read_to_string(path)?));
    }
    Ok(serde_json::to_string(&modules)?)
}

fn componentize(tool: &Path, program: &str, crate_folder: &Path, work: &Path) -> anyhow::Result<Vec<u8>> {
    let (output, generated) = (work.join("python.wasm"), work.join("generated"));
    fs::create_dir_all(&generated)?;
    // A JSON string is a Python string, too: JSON's escapes are a part of Python's.
    fs::write(
        generated.join("baked_program.py"),
        format!("SOURCES = {}\n", serde_json::to_string(program)?),
    )?;
    let mut command = python();
    command.env("PYTHONPATH", tool).args(["-c", "from componentize_py import script; script()"]);
    command.arg("--wit-path").arg(crate_folder.join("guest/sandbox.wit")).args(["--world", "sandbox"]);
    command.args(["componentize", "app", "--python-path"]).arg(crate_folder.join("guest/bootstrap"));
    command.arg("--python-path").arg(&generated);
    succeed(command.arg("--output").arg(&output))?;
    Ok(fs::read(output)?)
}

fn compress(wasm: &[u8]) -> anyhow::Result<Vec<u8>> {
    let options = lzma_rust2::XzOptions::with_preset(9);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options)?;
    writer.write_all(wasm)?;
    Ok(writer.finish()?)
}

/// What the component is made of, for smol-exec's tests and for people who audit it.
fn manifest(crate_folder: &Path, program: &str, wasm: &[u8], compressed: &[u8]) -> anyhow::Result<Value> {
    let mut sources = serde_json::Map::new();
    for source in SOURCES {
        sources.insert(source.to_owned(), sha256(&fs::read(crate_folder.join(source))?).into());
    }
    Ok(json!({
        "made_by": "cargo xtask python-wasm",
        "artifact": {"file": "python.wasm.xz", "bytes": compressed.len(), "sha256": sha256(compressed)},
        "component": {"bytes": wasm.len(), "sha256": sha256(wasm)},
        "sources": sources,
        "program": {"modules": PROGRAM, "sha256": sha256(program.as_bytes())},
        "tool": {"name": TOOL, "version": TOOL_VERSION, "wheel": WHEEL, "sha256": WHEEL_SHA256},
        "parts": [
            {"name": "CPython with its standard library", "version": PYTHON_VERSION, "licence": "PSF-2.0"},
            {"name": "componentize-py runtime", "version": TOOL_VERSION, "licence": "Apache-2.0 WITH LLVM-exception"},
            {"name": "wasi-libc, LLVM's compiler-rt and libc++", "licence": "Apache-2.0 WITH LLVM-exception AND MIT"},
            {"name": "PyO3", "licence": "Apache-2.0 OR MIT"},
            {"name": "HACL*, in CPython's hash functions", "licence": "MIT"},
            {"name": "libmpdec", "licence": "BSD-2-Clause"},
            {"name": "Expat", "licence": "MIT"},
            {"name": "SQLite", "licence": "blessing"},
            {"name": "zlib", "version": "1.3.1", "licence": "Zlib"},
        ],
    }))
}

fn python() -> Command {
    Command::new("python3")
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("could not run `{command:?}`"))?;
    ensure!(status.success(), "`{command:?}` failed: {status}");
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
