//! The programs as they stand in `hostile/`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Set where all programs are to be run, and not some.
const ALL: &str = "SMOLAGENTS_TEST_HOSTILE";

/// The themes that are after what surrounds the sandbox, and not after the host that talks to it.
const AFTER_WALLS: [&str; 5] = ["environment", "files", "memory", "network", "processes"];

pub(super) struct Case {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) demand: Demand,
}

/// What is asked of a program besides that it does no harm.
#[derive(Clone, Copy)]
pub(super) enum Demand {
    Nothing,
    NoAnswer,
    Runs,
}

fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the programs are there")
        .map(|file| file.expect("a file").path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "py"));
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Case> {
    let theme = file.file_stem().expect("a name").to_string_lossy();
    let text = fs::read_to_string(file).expect("a text");
    let parts = text.split("# == ").skip(1);
    parts
        .map(|part| {
            let (title, code) = part.split_once('\n').expect("a title");
            let (name, demand) = match title.split_once(": ") {
                None => (title, Demand::Nothing),
                Some((name, "no answer")) => (name, Demand::NoAnswer),
                Some((name, "runs")) => (name, Demand::Runs),
                Some(_) => panic!("`{title}` asks for something unknown"),
            };
            Case { name: format!("{theme}/{name}"), code: code.to_owned(), demand }
        })
        .collect()
}

/// The programs that this run is to try: one in `step`, unless all are asked for.
pub(super) fn chosen(step: usize) -> Vec<Case> {
    let step = if env::var_os(ALL).is_some() { 1 } else { step };
    all().into_iter().step_by(step).collect()
}

impl Case {
    /// Whether it is after the host that talks to the sandbox: what such a program meets is ours wherever it runs.
    pub(super) fn is_after_the_host(&self) -> bool {
        !AFTER_WALLS.iter().any(|theme| self.name.starts_with(theme))
    }
}

#[test]
fn there_are_hundreds_of_programs_each_with_a_name() {
    let cases = all();
    let names: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert!(cases.len() >= 300 && names.len() == cases.len(), "{} of {}", names.len(), cases.len());
}
