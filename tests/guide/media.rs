//! Rows S9 to S12: what is heard and seen, in the guide's own combination.

use smolagents::{
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tools::{
        Access, ImageAnalysisTool, MediaError, Recording, Segment, Transcriber, Transcript, TranscriptionTool,
    },
};
use std::{fs, sync::Arc};

/// Hears how many bytes there are.
struct Ear;

#[async_trait::async_trait]
impl Transcriber for Ear {
    async fn transcribe(&self, recording: Recording, _: Option<&str>) -> Result<Transcript, MediaError> {
        let text = format!("{} bytes of {}", recording.content.len(), recording.name);
        let segments = vec![Segment { start: 0.0, end: 1.0, text: text.clone() }];
        Ok(Transcript { text, language: None, duration: 1.0, segments })
    }
}

#[tokio::test]
async fn s10_s12_a_podcast_and_its_thumbnail_become_show_notes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("podcast.mp3"), "sound").unwrap();
    fs::write(folder.path().join("thumbnail.jpg"), b"\xFF\xD8\xFFrest").unwrap();
    let access = Access::new().folder(folder.path());
    let eye = ScriptedModel::new([text("two people at a table")]);
    let code = "Thought: listen and look.\n<code>\ntranscript = transcribe_audio(\"podcast.mp3\")\n\
                thumbnail_analysis = analyze_image(\"thumbnail.jpg\")\n\
                final_answer = f\"{transcript}; {thumbnail_analysis}\"\n</code>";
    let agent = CodeAgent::builder(ScriptedModel::new([text(code)]))
        .tool(TranscriptionTool::new(Ear).access(access.clone()))
        .tool(ImageAnalysisTool::new(Arc::new(eye)).access(access))
        .build()
        .unwrap();
    let result = agent.run("Create show notes").await.unwrap();
    assert_eq!(result.output, "5 bytes of podcast.mp3; two people at a table");
}
