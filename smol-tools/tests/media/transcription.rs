//! Whisper tiny.en, for real, on speech that is made with known words.

use crate::parts::{has, run};
use serde_json::{Value, json};
use smol_core::tool::{Tool, ToolError};
use smol_tools::{Access, MediaError, Recording, Segment, Transcriber, TranscriptionTool, Whisper};
use std::{fs, path::Path, sync::LazyLock, time::Duration};
use tempfile::TempDir;

/// The model, once for all tests.
static WHISPER: LazyLock<Whisper> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = std::thread::spawn(move || runtime.block_on(smol_hub::speech_model(|_| ())).unwrap());
    Whisper::open(folder.join().unwrap()).unwrap()
});

/// What is spoken; all of it lasts 36 s, so it needs two windows.
const STORY: &str = "The weather in the mountains changes quickly. In the morning the sun was shining, and by noon a cold \
                     wind came from the north. We walked for three hours along the narrow path. At the top of the hill \
                     there was a small wooden house with a red door. An old man opened the door and gave us bread and warm \
                     milk. He told us a story about the winter of his youth, when the snow was so deep that nobody could \
                     leave the village for two months. We thanked him and went back to the valley before the night.";

/// A folder with the story as `story.wav`; nothing where espeak-ng or ffmpeg is missing.
fn story() -> Option<TempDir> {
    if !(has("espeak-ng", "espeak-ng") && has("ffmpeg", "ffmpeg")) {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    run("espeak-ng", &["-v", "en-us", "-s", "130", "-w", "story.wav", STORY], folder.path());
    Some(folder)
}

fn recording(folder: &Path, name: &str) -> Recording {
    Recording { name: name.to_owned(), content: fs::read(folder.join(name)).unwrap().into() }
}

/// The words, without case and punctuation.
fn words(text: &str) -> Vec<String> {
    let plain = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    text.chars().map(plain).collect::<String>().split_whitespace().map(str::to_owned).collect()
}

/// How many of the words of `said` are in `heard`, in their order, out of a hundred.
fn share(said: &str, heard: &str) -> usize {
    let (said, heard) = (words(said), words(heard));
    let mut best = vec![0; heard.len() + 1];
    for word in &said {
        let before = best.clone();
        for (index, other) in heard.iter().enumerate() {
            best[index + 1] =
                if word == other { before[index] + 1 } else { before[index + 1].max(best[index]) };
        }
    }
    best[heard.len()] * 100 / said.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_longer_than_a_window_is_written_down_with_times() {
    let Some(folder) = story() else { return };
    let transcript = WHISPER.transcribe(recording(folder.path(), "story.wav"), None).await.unwrap();
    assert!(share(STORY, &transcript.text) >= 90, "{}", transcript.text);
    assert_eq!(transcript.language.as_deref(), Some("en"));
    assert!((35.0..38.0).contains(&transcript.duration), "{}", transcript.duration);
    let segments: &[Segment] = &transcript.segments;
    assert!(segments.len() >= 5, "{segments:?}");
    assert!(segments.iter().all(|segment| segment.start < segment.end), "{segments:?}");
    assert!(segments.is_sorted_by(|one, other| one.end <= other.start + 0.01), "{segments:?}");
    let door = segments.iter().find(|segment| segment.text.contains("red door")).unwrap();
    assert!((12.0..18.5).contains(&door.end), "{door:?}");
}

/// Whatever the file's format, rate and channels, the words are there.
#[tokio::test(flavor = "multi_thread")]
async fn formats() {
    let Some(folder) = story() else { return };
    let check = async |name: &str, options: &[&str]| {
        let source = ["-y", "-loglevel", "error", "-t", "13", "-i", "story.wav"];
        run("ffmpeg", &[&source[..], options, &[name]].concat(), folder.path());
        let transcript = WHISPER.transcribe(recording(folder.path(), name), Some("en")).await.unwrap();
        let heard = words(&transcript.text);
        for word in ["weather", "mountains", "sun", "north", "three", "hours", "narrow", "path"] {
            assert!(heard.iter().any(|heard| heard == word), "{name}: {}", transcript.text);
        }
        assert!((12.9..13.2).contains(&transcript.duration), "{name}: {}", transcript.duration);
    };
    check("stereo.mp3", &["-ac", "2", "-ar", "44100"]).await;
    check("a.flac", &["-ar", "48000"]).await;
    check("a.ogg", &["-c:a", "libvorbis", "-ar", "32000"]).await;
    check("a.m4a", &["-ar", "22050"]).await;
    check("float.wav", &["-c:a", "pcm_f32le", "-ar", "11025"]).await;
    check("law.wav", &["-c:a", "pcm_mulaw", "-ar", "8000"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tool_reads_granted_files_and_gives_text() {
    let Some(folder) = story() else { return };
    run("ffmpeg", &["-loglevel", "error", "-t", "4", "-i", "story.wav", "short.wav"], folder.path());
    let tool = TranscriptionTool::new(WHISPER.clone()).access(Access::new().folder(folder.path()));
    let call = async |arguments: Value| tool.call(arguments).await.map_err(|ToolError(error)| error);
    let text = call(json!({"audio": "short.wav"})).await.unwrap();
    assert!(text.as_str().unwrap().contains("weather in the mountains"), "{text}");
    let timed = call(json!({"audio": "short.wav", "timestamps": true, "language": "en"})).await.unwrap();
    assert!(timed.as_str().unwrap().starts_with("[00:00.0 - 00:0"), "{timed}");
    let error = call(json!({"audio": "short.wav", "language": "elvish"})).await.unwrap_err();
    assert!(error.contains("`elvish` is no language"), "{error}");
    let error = call(json!({"audio": "/etc/hostname"})).await.unwrap_err();
    assert!(error.contains("may read"), "{error}");
}

/// A wav file of 16-bit samples at 16 kHz.
fn wav(samples: &[i16]) -> Vec<u8> {
    let length = u32::try_from(samples.len() * 2).unwrap();
    let mut file = [&b"RIFF"[..], &(length + 36).to_le_bytes(), b"WAVEfmt \x10\0\0\0\x01\0\x01\0"].concat();
    file.extend(
        [16_000u32.to_le_bytes(), 32_000u32.to_le_bytes(), [2, 0, 16, 0], *b"data", length.to_le_bytes()]
            .concat(),
    );
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_no_words_however_long() {
    let hear = async |samples: &[i16]| {
        let recording = Recording { name: "silence.wav".to_owned(), content: wav(samples).into() };
        WHISPER.transcribe(recording, None).await.unwrap()
    };
    // Twenty minutes of it take no time: nothing is listened to.
    let transcript = hear(&vec![0; 1200 * 16_000]).await;
    assert_eq!((transcript.text.as_str(), transcript.duration), ("", 1200.0));
    // A single sample is a recording too.
    assert_eq!(hear(&[0]).await.segments, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_files_are_told_and_broken_ones_heard_as_far_as_they_go() {
    let check = async |content: &[u8], expect: &str| {
        let recording = Recording { name: "a.wav".to_owned(), content: content.to_vec().into() };
        let heard = WHISPER.clone().longest(Duration::from_secs(60)).transcribe(recording, None).await;
        let error = heard.unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    };
    check(b"", "`a.wav` is no recording that can be read here").await;
    check(b"this is text, whatever its name says", "`a.wav` is no recording").await;
    check(&wav(&[])[..44], "nothing in it can be decoded").await;
    check(&wav(&vec![0; 61 * 16_000]), "lasts longer than the limit of 60 s").await;
    let mut hostile = wav(&[0; 100]);
    hostile[24..28].copy_from_slice(&u32::MAX.to_le_bytes());
    check(&hostile, "`a.wav` is no recording").await;
    // The header says more than there is.
    let broken = Recording { name: "a.wav".to_owned(), content: wav(&[0; 16_000])[..16_044].to_vec().into() };
    let transcript = WHISPER.transcribe(broken, None).await.unwrap();
    assert!((0.4..=0.5).contains(&transcript.duration), "{}", transcript.duration);
}

#[test]
fn what_is_no_model_says_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let check = |expect: &str| {
        let error = Whisper::open(folder.path()).err().unwrap();
        assert!(matches!(error, MediaError::Weights { .. }), "{error:?}");
        assert!(error.to_string().contains(expect), "{error}");
    };
    check("there is neither `model.safetensors` nor `model.bin`");
    fs::write(folder.path().join("model.bin"), [6, 0, 0, 0, 3, 0]).unwrap();
    check("`model.bin` breaks off");
}
