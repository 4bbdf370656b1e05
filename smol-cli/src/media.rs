//! Tools for recordings, films, pictures and Gradio apps by name. They need weights, a model that sees, or an app's own word
//! on what it does, so they are made after the agent's model.
//!
//! As with other tools a value after the name grants something: `transcribe_audio=talks` may read files in `talks`.

use crate::{Usage, setup::tell};
use smolagents::{
    Model, Tool,
    tools::{Access, ImageAnalysisTool, Space, TranscriptionTool, VideoTranscriptionTool, Whisper},
    whisper,
};
use std::{env, sync::Arc};

/// The tools that [`tool`] makes; `transcriber` is the original's name for the first.
const NAMES: [&str; 5] = ["transcribe_audio", "transcriber", "transcribe_video", "analyze_image", "space"];

/// Whether `text` names one of these tools.
pub fn is_media(text: &str) -> bool {
    NAMES.contains(&split(text).0)
}

/// The tool that `text` names. `viewer` looks at pictures.
pub async fn tool(text: &str, viewer: &Arc<dyn Model>) -> anyhow::Result<Arc<dyn Tool>> {
    let (name, value) = split(text);
    let access = value.map_or_else(Access::new, |folder| Access::new().folder(folder));
    Ok(match name {
        "analyze_image" => {
            Arc::new(ImageAnalysisTool::new(viewer.clone()).access(access.most_bytes(20 << 20)))
        }
        "transcribe_video" => Arc::new(
            VideoTranscriptionTool::new(heard().await?, viewer.clone()).access(access.most_bytes(4 << 30)),
        ),
        "space" => {
            let (id, function) = value.map_or(("", None), |value| match value.split_once('#') {
                Some((id, function)) => (id, Some(function)),
                None => (value, None),
            });
            if id.is_empty() {
                return Err(Usage(
                    "`space` needs an app\n\nhint: write `space=owner/name` or `space=owner/name#function`"
                        .to_owned(),
                )
                .into());
            }
            let space = function.into_iter().fold(Space::new(id), Space::api_name);
            let token = env::var("HF_TOKEN").ok().filter(|token| !token.is_empty() && !id.contains("://"));
            Arc::new(token.into_iter().fold(space, Space::token).connect().await?)
        }
        name => Arc::new(TranscriptionTool::new(heard().await?).named(name).access(access)),
    })
}

/// The model that `SMOLAGENT_WHISPER` names, else the original's.
async fn heard() -> anyhow::Result<Whisper> {
    let name = env::var("SMOLAGENT_WHISPER").ok().filter(|name| !name.trim().is_empty());
    let name = name.unwrap_or_else(|| whisper::DEFAULT.to_owned());
    Ok(whisper::open(&name, tell(&name)).await?)
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('=').map_or((text.trim(), None), |(name, value)| (name.trim(), Some(value.trim())))
}
