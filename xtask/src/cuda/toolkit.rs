//! The CUDA compiler and the headers of CUTLASS, out of Python packages.

use super::sources;
use anyhow::{Context, ensure};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

/// The parts of the toolkit that a build takes. CUDA 13.0 runs on drivers from 580 on.
const PACKAGES: [&str; 7] = [
    "nvidia-cuda-nvcc==13.0.88",
    "nvidia-nvvm==13.0.88",
    "nvidia-cuda-crt==13.0.88",
    "nvidia-cuda-runtime==13.0.96",
    "nvidia-cuda-cccl==13.0.85",
    "nvidia-cuda-nvrtc==13.0.88",
    "nvidia-curand==10.4.0.35",
];
/// The headers that flash attention is compiled with.
const CUTLASS: &str = "nvidia-cutlass==4.2.0.0";

/// Fetches the toolkit below `work` unless it is there, and returns its folder.
pub(super) fn prepare(work: &Path) -> anyhow::Result<PathBuf> {
    let packages = work.join("packages");
    let toolkit = packages.join("nvidia/cu13");
    if !toolkit.join("lib64").exists() {
        install(&packages, &PACKAGES)?;
        for folder in ["bin", "nvvm/bin"] {
            make_executable(&toolkit.join(folder))?;
        }
        link("libcudart.so.13", &toolkit.join("lib/libcudart.so"))?;
        // Last: it marks the toolkit as whole.
        link("lib", &toolkit.join("lib64"))?;
    }
    let nvcc = Command::new(toolkit.join("bin/nvcc")).arg("--version").output();
    ensure!(
        nvcc.is_ok_and(|output| output.status.success()),
        "the compiler in `{}` does not run\n\nhint: remove that folder, and try again",
        toolkit.display()
    );
    Ok(toolkit)
}

/// Puts CUTLASS's headers where the build of `candle-flash-attn` looks for them before it would clone a repository. It
/// takes a folder for the right one by the commit that git names there.
pub(super) fn prepare_cutlass(work: &Path) -> anyhow::Result<()> {
    let script = sources("candle-flash-attn")?.join("build.rs");
    let text = fs::read_to_string(&script)?;
    let commit = text.split("CUTLASS_COMMIT: &str = \"").nth(1).and_then(|rest| rest.split('"').next());
    let commit = commit.with_context(|| format!("`{}` names no commit of CUTLASS", script.display()))?;
    let prefix = commit.get(..16).context("the commit is too short")?;
    let folder = work.join(format!("cudaforge/git/checkouts/cutlass-{prefix}"));
    if folder.join("include").exists() {
        return Ok(());
    }
    let packages = work.join("cutlass");
    install(&packages, &[CUTLASS])?;
    fs::create_dir_all(&folder)?;
    let git = Command::new("git").args(["init", "--quiet"]).arg(&folder).status();
    ensure!(git.is_ok_and(|status| status.success()), "could not run `git init`\n\nhint: install git");
    fs::write(folder.join(".git/HEAD"), format!("{commit}\n"))?;
    let headers = packages.join("cutlass_library/source");
    fs::rename(headers.join("tools"), folder.join("tools"))?;
    fs::rename(headers.join("include"), folder.join("include"))?;
    Ok(())
}

fn install(folder: &Path, packages: &[&str]) -> anyhow::Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    let status =
        pip.args(["--only-binary", ":all:", "--upgrade", "--target"]).arg(folder).args(packages).status();
    let status = status.context("could not run `python3`\n\nhint: install Python 3 with pip")?;
    ensure!(
        status.success(),
        "pip could not fetch {}\n\nhint: `python3 -m pip config list` shows the index it asks",
        packages.join(", ")
    );
    Ok(())
}

fn make_executable(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("no folder `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_file() {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
    }
    Ok(())
}

fn link(target: &str, path: &Path) -> anyhow::Result<()> {
    if path.symlink_metadata().is_err() {
        symlink(target, path).with_context(|| format!("could not make the link `{}`", path.display()))?;
    }
    Ok(())
}
