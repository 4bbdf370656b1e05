//! `smolagent runs test`: a recorded run as a test of whoever uses the library.

use crate::{Usage, exit};
use anyhow::Context;
use smolagents::runs::RunFile;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Copies the run beside a test that replays it.
pub fn write(file: &RunFile, test: Option<PathBuf>) -> anyhow::Result<u8> {
    let id = &file.header.id;
    let test = test.unwrap_or_else(|| format!("tests/run_{}.rs", id.replace('-', "_")).into());
    let folder = test.parent().unwrap_or(Path::new("")).join("runs");
    let copy = folder.join(format!("{id}.jsonl"));
    if let Some(taken) = [&test, &copy].into_iter().find(|path| path.exists()) {
        return Err(Usage(format!("`{}` is there already\n\nhint: remove it first", taken.display())).into());
    }
    let source = source(file, &copy)?;
    let failed = |path: &Path| format!("could not write `{}`", path.display());
    fs::create_dir_all(&folder).with_context(|| failed(&folder))?;
    fs::copy(&file.path, &copy).with_context(|| failed(&copy))?;
    fs::write(&test, source).with_context(|| failed(&test))?;
    anstream::println!("{}\n{}", test.display(), copy.display());
    Ok(exit::ANSWERED)
}

/// The test. It finds its run from the package's folder, which is where this command is given.
fn source(file: &RunFile, copy: &Path) -> anyhow::Result<String> {
    let (id, created, here) = (&file.header.id, &file.header.created, env::current_dir()?);
    let copy = copy.strip_prefix(&here).unwrap_or(copy);
    if copy.is_absolute() {
        let hint = "give the command in the folder of the package, and a path inside it";
        return Err(Usage(format!("`{}` is not in the package\n\nhint: {hint}", copy.display())).into());
    }
    let copy = copy.components().map(|part| part.as_os_str().to_string_lossy());
    let copy = copy.collect::<Vec<_>>().join("/");
    Ok(format!(
        r#"//! The run `{id}`, recorded {created}: its code must still do what it did then.
//! Written by `smolagent runs test`.

use smolagents::{{
    executors::Wasm,
    runs::{{RunFile, replay}},
}};

#[tokio::test]
async fn the_run_goes_as_it_did() {{
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/{copy}");
    let run = RunFile::load(file).unwrap_or_else(|error| panic!("{{error}}"));
    replay(&run, &Wasm::new()).await.unwrap_or_else(|error| panic!("{{error}}"));
}}
"#
    ))
}
