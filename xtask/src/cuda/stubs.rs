//! Stand-ins for libraries of the CUDA driver and toolkit: the same names, and nothing behind them.
//!
//! A linker only needs to see that a library has the functions that a program calls. Which ones those are is read from the
//! sources of the crate that calls them. The programs find the real libraries by the same file names where they run.

use super::sources;
use anyhow::{Context, ensure};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A library by its module in cudarc, the name it is linked by, and the one it is found by (its soname in CUDA 13).
const LIBRARIES: [(&str, &str, &str); 5] = [
    ("driver", "cuda", "libcuda.so.1"),
    ("cublas", "cublas", "libcublas.so.13"),
    ("cublaslt", "cublasLt", "libcublasLt.so.13"),
    ("curand", "curand", "libcurand.so.10"),
    ("nvrtc", "nvrtc", "libnvrtc.so.13"),
];

/// Makes the stand-ins below `work`, and returns their folder.
pub(super) fn make(work: &Path) -> anyhow::Result<PathBuf> {
    let (folder, cudarc) = (work.join("stubs"), sources("cudarc")?);
    fs::create_dir_all(&folder)?;
    for (module, library, soname) in LIBRARIES {
        let path = cudarc.join("src").join(module).join("sys/mod.rs");
        let text =
            fs::read_to_string(&path).with_context(|| format!("could not read `{}`", path.display()))?;
        let names = functions(&text);
        ensure!(!names.is_empty(), "`{}` declares no functions", path.display());
        let source = folder.join(format!("{library}.c"));
        fs::write(&source, names.iter().map(|name| format!("void {name}(void) {{}}\n")).collect::<String>())?;
        let mut compiler = Command::new("cc");
        compiler
            .args(["-shared", "-fPIC", "-w", "-fno-builtin"])
            .arg(format!("-Wl,-soname,{soname}"))
            .arg("-o");
        let status = compiler.arg(folder.join(format!("lib{library}.so"))).arg(&source).status();
        let status = status.context("could not run `cc`\n\nhint: install a C compiler, such as gcc 12")?;
        ensure!(status.success(), "`{compiler:?}` failed");
    }
    Ok(folder)
}

/// The functions that are declared, not defined, in `text`.
fn functions(text: &str) -> BTreeSet<&str> {
    let declared = text.lines().filter_map(|line| line.trim().strip_prefix("fn "));
    let names = declared.filter_map(|rest| rest.split('(').next());
    names.filter(|name| name.starts_with("cu") || name.starts_with("nvrtc")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_declared_functions_of_cuda_are_found() {
        let text = "pub unsafe fn cuInit(flags: u32) -> CUresult {\n    extern \"C\" {\n        fn cuInit(flags: u32) -> CUresult;\n    \
                    fn nvrtcVersion(major: *mut i32) -> i32;\n    fn default() -> Self {\n";
        let found = super::functions(text).into_iter().collect::<Vec<_>>();
        assert_eq!(found, ["cuInit", "nvrtcVersion"]);
    }
}
