//! Films, made by ffmpeg: three seconds of red with speech over it, and three of blue.

use crate::parts::{Viewer, has, run};
use serde_json::{Value, json};
use smol_core::{
    message::Media,
    tool::{Tool, ToolError},
};
use smol_tools::{Access, MediaError, Recording, Segment, Transcriber, Transcript, VideoTranscriptionTool};
use std::{fs, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;

/// Writes down how long the sound is.
struct Listener;

#[async_trait::async_trait]
impl Transcriber for Listener {
    async fn transcribe(&self, recording: Recording, _: Option<&str>) -> Result<Transcript, MediaError> {
        assert!(recording.content.starts_with(b"RIFF"));
        let seconds = (recording.content.len() - 44) as f64 / 32_000.0;
        let text = format!("{seconds:.0} s of sound");
        let segments = vec![Segment { start: 0.0, end: seconds.round(), text: text.clone() }];
        Ok(Transcript { text, language: Some("en".to_owned()), duration: seconds, segments })
    }
}

/// The film at `name`, in a folder of its own; nothing where ffmpeg is missing.
fn film(name: &str) -> Option<TempDir> {
    if !has("ffmpeg", "ffmpeg") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let colour = |colour: &str| format!("color={colour}:size=320x240:rate=10:duration=3");
    let (red, blue) = (colour("red"), colour("blue"));
    let inputs =
        ["-f", "lavfi", "-i", &red, "-f", "lavfi", "-i", &blue, "-f", "lavfi", "-i", "sine=440:duration=6"];
    let join = ["-filter_complex", "[0:v][1:v]concat=n=2[v]", "-map", "[v]", "-map", "2:a"];
    let target = folder.path().join(name);
    let target = format!("file:{}", target.display());
    let target = ["-c:v", "mpeg4", "-c:a", "aac", "-f", "mp4", target.as_str()];
    run("ffmpeg", &[&["-loglevel", "error"][..], &inputs, &join, &target].concat(), folder.path());
    Some(folder)
}

fn tool(viewer: &Viewer, folder: &Path) -> VideoTranscriptionTool {
    VideoTranscriptionTool::new(Listener, Arc::new(viewer.clone())).access(Access::new().folder(folder))
}

async fn call(tool: &VideoTranscriptionTool, arguments: Value) -> Result<Value, String> {
    tool.call(arguments).await.map_err(|ToolError(error)| error)
}

/// Whether a frame is more red than blue: the mean colour that ffmpeg finds in it.
fn is_red(picture: &Media) -> bool {
    use base64::Engine;
    let Media::Inline { mime, base64 } = picture else { unreachable!("{picture:?}") };
    assert_eq!(mime, "image/jpeg");
    let folder = tempfile::tempdir().unwrap();
    let jpeg = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    fs::write(folder.path().join("a.jpg"), jpeg).unwrap();
    let options = [
        "-loglevel",
        "error",
        "-i",
        "a.jpg",
        "-vf",
        "scale=1:1",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "a.rgb",
    ];
    run("ffmpeg", &options, folder.path());
    let pixel = fs::read(folder.path().join("a.rgb")).unwrap();
    pixel[0] > pixel[2]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_and_seen_when() {
    let Some(folder) = film("talk.mp4") else { return };
    let viewer = Viewer::default();
    let tool = tool(&viewer, folder.path());
    let report = call(
        &tool,
        json!({"video": "talk.mp4", "frames": 2, "question": "Which colour?", "summarize": true}),
    )
    .await;
    let report = report.unwrap();
    let expected = json!({
        "duration": report["duration"],
        "transcript": "6 s of sound",
        "segments": [{"start": 0.0, "end": 6.0, "text": "6 s of sound"}],
        "frames": [
            {"time": report["frames"][0]["time"], "description": "I see 1 pictures."},
            {"time": report["frames"][1]["time"], "description": "I see 1 pictures."},
        ],
        "summary": "I see 0 pictures.",
    });
    assert_eq!(report, expected);
    let near = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < 0.2;
    assert!(near(&report["duration"], 6.0) && near(&report["frames"][0]["time"], 1.5), "{report}");
    let asked = viewer.asked();
    let mut colours: Vec<bool> = asked[..2].iter().map(|(_, pictures)| is_red(&pictures[0])).collect();
    // Frames are looked at side by side.
    colours.sort_unstable();
    assert_eq!(colours, [false, true]);
    assert_eq!(asked[0].0, "Which colour?");
    assert!(
        asked[2].0.contains("00:00.0 said: 6 s of sound\n00:01.5 seen: I see 1 pictures."),
        "{}",
        asked[2].0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_are_those_where_scenes_begin() {
    let Some(folder) = film("talk.mp4") else { return };
    let report = call(&tool(&Viewer::default(), folder.path()), json!({"video": "talk.mp4", "scenes": true}))
        .await
        .unwrap();
    let times: Vec<f64> =
        report["frames"].as_array().unwrap().iter().map(|frame| frame["time"].as_f64().unwrap()).collect();
    assert_eq!(times, [0.0, 3.0]);
}

/// A name is a name, whatever a command line or a pattern would make of it.
#[tokio::test(flavor = "multi_thread")]
async fn names_are_no_options_patterns_or_addresses() {
    for name in ["-y.mp4", "a%03d.mp4", "pipe:0.mp4", "a b'\";$(touch x).mp4", "concat:a|b.mp4"] {
        let Some(folder) = film(name) else { return };
        let report =
            call(&tool(&Viewer::default(), folder.path()), json!({"video": name, "frames": 1})).await;
        assert_eq!(report.map(|report| report["frames"].as_array().unwrap().len()), Ok(1), "{name}");
    }
}

/// A playlist would have ffmpeg open other files and addresses; so would scripts that join films.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_lead_to_others_are_refused() {
    let Some(folder) = film("talk.mp4") else { return };
    let check = async |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        let error = call(&tool(&Viewer::default(), folder.path()), json!({"video": name})).await.unwrap_err();
        assert!(
            error.contains("could not read") && !error.contains(folder.path().to_str().unwrap()),
            "{name}: {error}"
        );
    };
    check("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\ntalk.mp4\n#EXT-X-ENDLIST\n").await;
    check("a.ffconcat", "ffconcat version 1.0\nfile talk.mp4\n").await;
    check("a.sdp", "v=0\nm=audio 5004 RTP/AVP 0\n").await;
    check("a.mp4", "no film").await;
    check("b.mp4", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn films_without_sound_and_recordings_without_pictures() {
    let Some(folder) = film("talk.mp4") else { return };
    run(
        "ffmpeg",
        &["-loglevel", "error", "-i", "talk.mp4", "-an", "-c", "copy", "silent.mp4"],
        folder.path(),
    );
    run("ffmpeg", &["-loglevel", "error", "-i", "talk.mp4", "-vn", "-c", "copy", "sound.m4a"], folder.path());
    let tool = tool(&Viewer::default(), folder.path());
    let silent = call(&tool, json!({"video": "silent.mp4", "frames": 1})).await.unwrap();
    assert_eq!((&silent["transcript"], silent["frames"].as_array().unwrap().len()), (&json!(""), 1));
    let sound = call(&tool, json!({"video": "sound.m4a", "frames": 1})).await.unwrap();
    assert_eq!((&sound["transcript"], &sound["frames"]), (&json!("6 s of sound"), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_is_ended() {
    let Some(folder) = film("talk.mp4") else { return };
    let tool = tool(&Viewer::default(), folder.path()).timeout(Duration::ZERO);
    let error = call(&tool, json!({"video": "talk.mp4"})).await.unwrap_err();
    assert!(error.contains("`talk.mp4` took longer than 0 s"), "{error}");
}
