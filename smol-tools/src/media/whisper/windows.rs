//! A whole recording, in windows of half a minute. Each begins where the last whole segment ended, and knows its words.

use super::{
    Model,
    decoder::Heard,
    mel::{FRAMES_PER_SECOND, HOP, Spectrogram},
    vocabulary::SECONDS_PER_TIMESTAMP,
};
use crate::media::{MediaError, Segment, Transcript};
use candle_core::{Device, Result, Tensor};
use std::sync::atomic::AtomicBool;

/// How much is heard at once, in seconds.
pub(super) const WINDOW_SECONDS: usize = 30;
/// Frames of a window.
const FRAMES: usize = WINDOW_SECONDS * FRAMES_PER_SECOND;
/// From here on words were picked so freely that those after them should not follow from them.
const FREE: f32 = 0.5;
/// Samples no louder than this are silence to any microphone: it is not worth listening to.
const SILENCE: f32 = 1e-4;

/// What is known while going through a recording.
struct Progress<'a> {
    samples: &'a [f32],
    spectrogram: Spectrogram,
    language: Option<u32>,
    /// All words so far, of which the next window is told the last.
    words: Vec<u32>,
    /// Where in `words` the part begins that the next window may know.
    told_from: usize,
    segments: Vec<Segment>,
}

impl Model {
    /// What is said in `samples` at 16 kHz; as far as it got if it was told to stop.
    pub(super) fn listen(
        &self,
        samples: &[f32],
        language: Option<&str>,
        stopped: &AtomicBool,
    ) -> std::result::Result<Transcript, MediaError> {
        let language = language.map_or(Ok(None), |code| self.language(code))?;
        let spectrogram = Spectrogram::new(samples, self.bands);
        let progress = Progress {
            samples,
            spectrogram,
            language,
            words: Vec::new(),
            told_from: 0,
            segments: Vec::new(),
        };
        self.go_through(progress, stopped).map_err(|error| MediaError::Compute(super::plain(error)))
    }

    fn go_through(&self, mut progress: Progress<'_>, stopped: &AtomicBool) -> Result<Transcript> {
        let count = progress.samples.len().div_ceil(HOP);
        let mut first = 0;
        while first < count {
            if progress.is_silent(first) {
                first += FRAMES;
                continue;
            }
            let window = progress.spectrogram.window(first, FRAMES).to_vec();
            let window = Tensor::from_vec(window, (FRAMES, self.bands), &Device::Cpu)?;
            let heard = self.decoder.hear(&self.encoder.forward(&window)?)?;
            if progress.language.is_none() && self.is_multilingual() {
                progress.language = self.spoken(&heard)?;
            }
            let prompt = self.prompt(&progress);
            let Some(attempt) = self.attempts(&heard, &prompt, stopped)? else { break };
            if attempt.is_silence() {
                first += FRAMES;
                continue;
            }
            first += self.take(&mut progress, &attempt.tokens, first, count.min(first + FRAMES));
            if attempt.temperature > FREE {
                progress.told_from = progress.words.len();
            }
        }
        Ok(self.transcript(progress))
    }

    /// What the decoder reads before its own words.
    fn prompt(&self, progress: &Progress<'_>) -> Vec<u32> {
        let vocabulary = &self.vocabulary;
        let longest = self.decoder.context() / 2 - 1;
        let told = progress.words.get(progress.told_from..).unwrap_or_default();
        let told = told.get(told.len().saturating_sub(longest)..).unwrap_or_default();
        let previous = (!told.is_empty()).then_some(vocabulary.previous);
        let task = self.is_multilingual().then_some(vocabulary.transcribe);
        let task = progress.language.into_iter().chain(task);
        previous.into_iter().chain(told.iter().copied()).chain([vocabulary.start]).chain(task).collect()
    }

    /// The language that is likeliest after the start.
    fn spoken(&self, heard: &Heard) -> Result<Option<u32>> {
        let rows = self.decoder.read(&[self.vocabulary.start], &mut self.decoder.past(), heard)?;
        let logits = self.decoder.next(&rows, 0)?;
        let likely = |token: u32| logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let known = self
            .vocabulary
            .languages()
            .iter()
            .map(|(_, token)| *token)
            .filter(|token| likely(*token).is_finite());
        Ok(known.max_by(|one, other| likely(*one).total_cmp(&likely(*other))))
    }

    /// Takes the segments of `tokens` over, and returns how many frames are done. The window is `first..end`.
    fn take(&self, progress: &mut Progress<'_>, tokens: &[u32], first: usize, end: usize) -> usize {
        #[expect(clippy::cast_precision_loss, reason = "hours in frames")]
        let seconds = |frames: usize| frames as f64 / FRAMES_PER_SECOND as f64;
        let time = |index: usize| tokens.get(index).and_then(|token| self.vocabulary.time(*token));
        // Segments meet where two times stand side by side.
        let is_seam = |index: &usize| time(*index).is_some() && index.checked_sub(1).and_then(time).is_some();
        let mut seams: Vec<usize> = (1..tokens.len()).filter(is_seam).collect();
        let ends_in_time =
            tokens.len() > 1 && time(tokens.len() - 1).is_some() && time(tokens.len() - 2).is_none();
        if ends_in_time && !seams.is_empty() {
            seams.push(tokens.len());
        }
        let is_whole = seams.is_empty();
        if is_whole {
            seams.push(tokens.len());
        }
        let mut from = 0;
        let mut last_end = None;
        for seam in seams {
            let part = tokens.get(from..seam).unwrap_or_default();
            let times = || part.iter().filter_map(|token| self.vocabulary.time(*token));
            let start = times().next().unwrap_or(0.0);
            // The last time may be missing, or be the only one.
            let stop = times().next_back().filter(|stop| *stop > start || !is_whole);
            last_end = stop.or(last_end);
            let stop = stop.map_or(seconds(end), |stop| seconds(first) + stop);
            self.add(progress, part, seconds(first) + start, stop);
            from = seam;
        }
        // Words after the last seam are heard again, whole, unless nothing follows them.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 1500 tokens of 20 ms"
        )]
        let frames = |time: f64| (time / SECONDS_PER_TIMESTAMP).round() as usize * 2;
        match last_end {
            Some(stop) if !is_whole && !ends_in_time && frames(stop) > 0 => frames(stop),
            _ => end - first,
        }
    }

    fn add(&self, progress: &mut Progress<'_>, tokens: &[u32], start: f64, end: f64) {
        let text = self.vocabulary.text(tokens).trim().to_owned();
        progress.words.extend_from_slice(tokens);
        if !text.is_empty() && end > start {
            progress.segments.push(Segment { start, end, text });
        }
    }

    fn transcript(&self, progress: Progress<'_>) -> Transcript {
        let texts: Vec<&str> = progress.segments.iter().map(|segment| segment.text.as_str()).collect();
        let code = |token: u32| self.vocabulary.languages().iter().find(|(_, id)| *id == token);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52 samples")]
        let duration = progress.samples.len() as f64 / super::audio::SAMPLE_RATE as f64;
        Transcript {
            text: texts.join(" "),
            language: match self.is_multilingual() {
                true => progress.language.and_then(code).map(|(code, _)| code.clone()),
                false => Some("en".to_owned()),
            },
            duration,
            segments: progress.segments,
        }
    }
}

impl Progress<'_> {
    fn is_silent(&self, first: usize) -> bool {
        self.samples.iter().skip(first * HOP).take(FRAMES * HOP).all(|sample| sample.abs() <= SILENCE)
    }
}
