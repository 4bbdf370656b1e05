//! `cargo xtask cuda-build`: the programs that run on NVIDIA GPUs, built on a machine that has neither a GPU nor a
//! toolkit. `cargo xtask gpu-bench` runs the benchmark of them, on a machine that has one.
//!
//! The compiler comes out of Python packages of NVIDIA's, which pip fetches from whichever index its user has set up. What
//! is linked is the toolkit's libraries where the packages hold them, and stand-ins of the same names where they would be
//! large; the real ones are found by the dynamic linker where the program runs.

mod stubs;
mod toolkit;
#[cfg(feature = "cuda")]
mod trial;

use crate::bench::{run_to_end, target_folder};
use anyhow::{Context, ensure};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The architecture that kernels are compiled for unless `CUDA_COMPUTE_CAP` says otherwise: Hopper, such as the H100.
const COMPUTE_CAPABILITY: &str = "90";

/// Starts the benchmark with the CUDA libraries of that machine.
const RUN_SCRIPT: &str = include_str!("gpu-bench.sh");

/// Builds the benchmark, with `command` also `smolagent`, and puts what was built into a folder that is carried to the GPU.
/// Kernels of flash attention take hours to compile, and are left out unless asked for.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub(crate) fn build(options: &[&str]) -> anyhow::Result<()> {
    let (command, flash) = (options.contains(&"--command"), options.contains(&"--flash"));
    ensure!(
        cfg!(all(target_os = "linux", target_arch = "x86_64")),
        "the toolkit's packages are fetched for Linux on x86-64 only\n\nhint: with a toolkit of your own, run `cargo build --release -p smol-cli --features cuda`"
    );
    let started = Instant::now();
    let work = absolute(target_folder())?.join("cuda");
    let build = Build { toolkit: toolkit::prepare(&work)?, stubs: stubs::make(&work)?, work, flash };
    if flash {
        toolkit::prepare_cutlass(&build.work)?;
    }
    let mut built = vec![("xtask", "bench_gpu")];
    build.cargo(&["-p", "xtask"])?;
    if command {
        build.cargo(&["-p", "smol-cli", "--bin", "smolagent"])?;
        built.push(("smolagent", "smolagent"));
    }
    let carry = build.carry(&built)?;
    println!(
        "built in {} s; carry `{}` to the machine with the GPU",
        started.elapsed().as_secs(),
        carry.display()
    );
    for entry in fs::read_dir(&carry)? {
        let entry = entry?;
        println!("{:>12} bytes  {}", entry.metadata()?.len(), entry.file_name().display());
    }
    println!("there: `sh gpu-bench.sh`");
    Ok(())
}

/// Runs the benchmark: it is in this program if it was built with the feature `cuda`.
#[cfg(feature = "cuda")]
pub(crate) fn bench(shapes: &[&str]) -> anyhow::Result<()> {
    trial::run(shapes)
}

/// Runs the benchmark that [`build`] made, here.
#[cfg(not(feature = "cuda"))]
pub(crate) fn bench(shapes: &[&str]) -> anyhow::Result<()> {
    let script = target_folder().join("cuda/carry/gpu-bench.sh");
    ensure!(
        script.exists(),
        "there is no benchmark at `{}`\n\nhint: `cargo xtask cuda-build` makes it",
        script.display()
    );
    run_to_end(Command::new("sh").arg(script).args(shapes))
}

/// All that a build takes.
struct Build {
    toolkit: PathBuf,
    stubs: PathBuf,
    work: PathBuf,
    flash: bool,
}

impl Build {
    /// Runs `cargo build --release` for `target` with the toolkit at hand.
    fn cargo(&self, target: &[&str]) -> anyhow::Result<()> {
        let join = |paths: Vec<PathBuf>, variable: &str| {
            let before = env::var_os(variable).unwrap_or_default();
            env::join_paths(paths.into_iter().chain(env::split_paths(&before)))
        };
        let libraries = vec![self.toolkit.join("lib"), self.stubs.clone()];
        let capability = env::var("CUDA_COMPUTE_CAP").unwrap_or_else(|_| COMPUTE_CAPABILITY.to_owned());
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--release"]).args(target);
        cargo.args(["--features", if self.flash { "flash-attention" } else { "cuda" }]);
        cargo.env("CUDA_HOME", &self.toolkit).env("CUDA_PATH", &self.toolkit);
        cargo.env("CUDA_COMPUTE_CAP", capability).env("CUDAFORGE_HOME", self.work.join("cudaforge"));
        cargo.env("PATH", join(vec![self.toolkit.join("bin")], "PATH")?);
        cargo.env("LIBRARY_PATH", join(libraries, "LIBRARY_PATH")?);
        run_to_end(&mut cargo)
    }

    /// Puts what runs elsewhere into one folder, without debug information. The stand-ins stay here.
    fn carry(&self, built: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
        let carry = self.work.join("carry");
        fs::create_dir_all(&carry)?;
        let release = target_folder().join("release");
        for (from, name) in built {
            let from = release.join(from);
            let strip = Command::new("strip").arg("-o").arg(carry.join(name)).arg(&from).status();
            ensure!(
                strip.is_ok_and(|status| status.success()),
                "could not strip `{}`\n\nhint: install binutils",
                from.display()
            );
        }
        fs::write(carry.join("gpu-bench.sh"), RUN_SCRIPT)?;
        fs::write(carry.join("peer.py"), include_str!("peer.py"))?;
        Ok(carry)
    }
}

fn absolute(folder: PathBuf) -> anyhow::Result<PathBuf> {
    std::path::absolute(&folder).with_context(|| format!("no such place as `{}`", folder.display()))
}

/// Where a package of this build's graph has its sources.
fn sources(package: &str) -> anyhow::Result<PathBuf> {
    let metadata = ["metadata", "--format-version", "1", "--all-features"];
    let output = Command::new("cargo").args(metadata).output().context("could not run `cargo metadata`")?;
    ensure!(output.status.success(), "`cargo metadata` failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata
        .get("packages")
        .and_then(serde_json::Value::as_array)
        .context("`cargo metadata` lists no packages")?;
    let found = packages.iter().find(|entry| entry.get("name").is_some_and(|name| name == package));
    let manifest = found.and_then(|entry| entry.get("manifest_path").and_then(serde_json::Value::as_str));
    let manifest = manifest.with_context(|| format!("the package `{package}` is no part of this build"))?;
    Ok(Path::new(manifest).parent().context("a manifest without a folder")?.to_owned())
}
