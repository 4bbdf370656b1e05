//! Writes down what is said in a recording: `transcribe FOLDER-OF-A-WHISPER-MODEL FILE [TIMES]`.
//!
//! It prints one JSON object, with how long it took and what memory it needed at most; with TIMES it does it as often, and
//! tells of the fastest. `cargo xtask bench transcription` sets it beside faster-whisper.

#![expect(clippy::print_stdout, reason = "an example")]

use serde_json::json;
use smol_tools::{Recording, Transcriber, Whisper};
use std::{env, error::Error, fs, time::Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, name, rest @ ..] = arguments.as_slice() else {
        return Err("usage: transcribe FOLDER-OF-A-WHISPER-MODEL FILE [TIMES]".into());
    };
    let begun = Instant::now();
    let whisper = Whisper::open(folder)?;
    let loading = begun.elapsed().as_secs_f64();
    let recording = Recording { name: name.clone(), content: fs::read(name)?.into() };
    let times = rest.first().map_or(Ok(1), |times| times.parse())?;
    let mut fastest = f64::INFINITY;
    let mut text = String::new();
    let mut duration = 0.0;
    for _ in 0..times {
        let begun = Instant::now();
        let transcript = whisper.transcribe(recording.clone(), None).await?;
        fastest = fastest.min(begun.elapsed().as_secs_f64());
        (text, duration) = (transcript.text, transcript.duration);
    }
    let figures = json!({
        "loading": loading, "seconds": fastest, "audio": duration, "megabytes": peak_megabytes(), "text": text,
    });
    println!("{figures}");
    Ok(())
}

/// The most memory that this process has had, where the system tells.
fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
