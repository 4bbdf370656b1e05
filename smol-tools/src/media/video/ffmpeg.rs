//! `ffprobe` and `ffmpeg`, as separate processes: decoders of films are large, old and written in C, so they run outside of
//! this process, without its environment, and are told to open one file and nothing else.
//!
//! Films can name other files and addresses (playlists do), and a name may look like a pattern or an option. So only
//! containers that hold their own content are read, by the `file` protocol, and a path is never without `file:`.

use crate::media::MediaError;
use futures::future::try_join;
use serde::Deserialize;
use std::{env, io, path::Path, process::Stdio, time::Duration};
use tokio::{io::AsyncReadExt, process::Command, time::timeout};

/// Containers that hold all that they show.
const CONTAINERS: &str =
    "aac,asf,avi,flac,flv,gif,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,wav";
/// The most that is read of what a program says, in bytes.
const MOST_SAID: u64 = 1 << 20;
/// The most of its last words that is told.
const MOST_TOLD: usize = 300;
/// Frames are made no wider than this, in pixels: models see no more.
const WIDTH: u32 = 1024;

/// What a film is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Streams {
    /// How long it lasts, in seconds.
    pub(super) duration: f64,
    /// Whether there is something to see.
    pub(super) picture: bool,
    /// Whether there is something to hear.
    pub(super) sound: bool,
}

/// One film, on the disk.
pub(super) struct Film<'a> {
    /// Its name for errors.
    pub(super) name: &'a str,
    /// Where it lies.
    pub(super) path: &'a Path,
    /// How long each program may take.
    pub(super) limit: Duration,
}

impl Film<'_> {
    /// What it is made of.
    pub(super) async fn streams(&self) -> Result<Streams, MediaError> {
        let entries = ["-show_entries", "format=duration:stream=codec_type", "-of", "json"];
        let said = self.run("ffprobe", &entries, &[]).await?;
        streams(&said).ok_or_else(|| MediaError::Format {
            name: self.name.to_owned(),
            wanted: "film",
            cause: "nothing in it lasts any time".to_owned(),
            hint: "mp4, webm, mkv, mov, avi and the like are read",
        })
    }

    /// Its sound as a wav file at `to`, of at most `longest` seconds.
    pub(super) async fn sound(&self, to: &Path, longest: u64) -> Result<(), MediaError> {
        let longest = longest.to_string();
        let options =
            ["-vn", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "-t", &longest, "-f", "wav", "-y"];
        self.run("ffmpeg", &[], &[&options[..], &[&target(to)]].concat()).await.map(|_| ())
    }

    /// The frame at `time` seconds as a jpeg file at `to`; there may be none at the very end.
    pub(super) async fn frame(&self, time: f64, to: &Path) -> Result<(), MediaError> {
        let (time, scale) = (format!("{time:.3}"), format!("scale='min({WIDTH},iw)':-2"));
        let options = ["-frames:v", "1", "-vf", &scale, "-q:v", "4", "-f", "image2", "-update", "1", "-y"];
        self.run("ffmpeg", &["-ss", &time], &[&options[..], &[&target(to)]].concat()).await.map(|_| ())
    }

    /// The times at which what is seen changes, in seconds; the first is 0.
    pub(super) async fn scenes(&self) -> Result<Vec<f64>, MediaError> {
        let filter = r"select='eq(n\,0)+gt(scene\,0.3)',metadata=print:file=-";
        let said = self.run("ffmpeg", &[], &["-an", "-vf", filter, "-f", "null", "-"]).await?;
        let times = said.lines().filter_map(|line| line.split_once("pts_time:")?.1.trim().parse().ok());
        Ok(times.collect())
    }

    /// Runs `program` on the film, with options for reading it and for what becomes of it. Dropping the future ends the
    /// program.
    async fn run(&self, program: &str, before: &[&str], after: &[&str]) -> Result<String, MediaError> {
        let failed =
            |cause: String| MediaError::Program { program: program.into(), name: self.name.into(), cause };
        let mut command = Command::new(program);
        command.env_clear().envs(env::vars_os().filter(|(name, _)| name == "PATH" || name == "SystemRoot"));
        command.args(["-hide_banner", "-loglevel", "error"]);
        if program == "ffmpeg" {
            command.arg("-nostdin");
        }
        command.args(["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]).args(before);
        command.arg("-i").arg(target(self.path)).args(after);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => MediaError::NoProgram { program: program.to_owned() },
            _ => failed(error.to_string()),
        })?;
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let work = async {
            try_join(read(stdout, &mut output), read(stderr, &mut errors)).await?;
            child.wait().await
        };
        let ended = timeout(self.limit, work).await;
        let ended = ended
            .map_err(|_| MediaError::Timeout { name: self.name.into(), seconds: self.limit.as_secs() })?;
        if ended.map_err(|error| failed(error.to_string()))?.success() {
            return Ok(String::from_utf8_lossy(&output).into_owned());
        }
        Err(failed(last_words(&errors, self.path)))
    }
}

/// A path that is no option, no address and no pattern.
fn target(path: &Path) -> String {
    format!("file:{}", path.display())
}

/// What comes from `pipe`; what is too much is read and forgotten, so that the program does not wait.
async fn read(pipe: Option<impl AsyncReadExt + Unpin>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    (&mut pipe).take(MOST_SAID).read_to_end(into).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await.map(|_| ())
}

/// The last line that a program wrote, without where the file lies here.
fn last_words(said: &[u8], path: &Path) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.trim().lines().next_back().unwrap_or("it said nothing");
    let line = line.replace(&target(path), "it").replace(&*path.to_string_lossy(), "it");
    line.chars().take(MOST_TOLD).collect()
}

#[derive(Deserialize)]
struct Probed {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

/// Reads what ffprobe says.
fn streams(said: &str) -> Option<Streams> {
    let probed: Probed = serde_json::from_str(said).ok()?;
    let has = |kind: &str| probed.streams.iter().any(|stream| stream.codec_type.as_deref() == Some(kind));
    let duration: f64 = probed.format.duration.as_ref()?.parse().ok()?;
    let lasts = duration.is_finite() && duration > 0.0;
    lasts.then(|| Streams { duration, picture: has("video"), sound: has("audio") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffprobe_says() {
        let check = |said: &str, expect: Option<(f64, bool, bool)>| {
            let found = streams(said).map(|streams| (streams.duration, streams.picture, streams.sound));
            assert_eq!(found, expect, "{said}");
        };
        let both = r#"{"streams": [{"codec_type": "video"}, {"codec_type": "audio"}], "format": {"duration": "2.5"}}"#;
        check(both, Some((2.5, true, true)));
        check(r#"{"streams": [{}], "format": {"duration": "1"}}"#, Some((1.0, false, false)));
        for none in [
            "",
            "{}",
            r#"{"format": {}}"#,
            r#"{"format": {"duration": "N/A"}}"#,
            r#"{"format": {"duration": "-1"}}"#,
        ] {
            check(none, None);
        }
    }

    #[test]
    fn last_words_do_not_tell_where_files_lie() {
        let path = Path::new("/tmp/x/film");
        assert_eq!(last_words(b"a\nfile:/tmp/x/film: Invalid data\n", path), "it: Invalid data");
        assert_eq!(last_words(b"", path), "it said nothing");
    }
}
