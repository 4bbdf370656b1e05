//! From a file's bytes to what Whisper hears: one channel, 16,000 samples a second.

use super::resample::Resampler;
use crate::media::{MediaError, Recording};
use std::{io::Cursor, time::Duration};
use symphonia::core::{
    codecs::audio::{AudioDecoder, AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::{MediaSourceStream, MediaSourceStreamOptions},
    meta::MetadataOptions,
};

/// Samples in a second of what Whisper hears.
pub(super) const SAMPLE_RATE: usize = 16_000;

const HINT: &str =
    "wav, mp3, flac, ogg (Vorbis) and m4a (AAC) are read; anything else `ffmpeg` can turn into one of them";

/// The samples of `recording`, from -1 to 1, its channels mixed. Damaged packets are left out, as players do, and where the
/// file breaks off the recording ends.
pub(super) fn decode(recording: &Recording, longest: Duration) -> Result<Vec<f32>, MediaError> {
    let unreadable = |cause: String| MediaError::Format {
        name: recording.name.clone(),
        wanted: "recording",
        cause,
        hint: HINT,
    };
    let (mut format, track, mut decoder) = open(recording).map_err(|error| unreadable(error.to_string()))?;
    let mut resampler: Option<Resampler> = None;
    let mut interleaved: Vec<f32> = Vec::new();
    // An error here is a file that breaks off: what came before is worth hearing.
    while let Ok(Some(packet)) = format.next_packet() {
        if packet.track_id != track {
            continue;
        }
        let Ok(buffer) = decoder.decode(&packet) else { continue };
        let channels = buffer.num_planes().max(1);
        let rate = buffer.spec().rate();
        buffer.copy_to_vec_interleaved(&mut interleaved);
        if resampler.as_ref().is_none_or(|resampler| resampler.rate() != rate) && resampler.is_some() {
            return Err(unreadable("its sample rate changes on the way".to_owned()));
        }
        let resampler = match &mut resampler {
            Some(resampler) => resampler,
            none => none.insert(Resampler::new(rate).map_err(&unreadable)?),
        };
        resampler.push(interleaved.chunks_exact(channels).map(mix)).map_err(&unreadable)?;
        if resampler.seconds() > longest.as_secs_f64() {
            return Err(MediaError::TooLong { name: recording.name.clone(), limit: longest.as_secs() });
        }
    }
    let samples = resampler.map(Resampler::finish).transpose().map_err(&unreadable)?.unwrap_or_default();
    if samples.is_empty() {
        return Err(unreadable("nothing in it can be decoded".to_owned()));
    }
    Ok(samples)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of channels")]
fn mix(channels: &[f32]) -> f32 {
    let mixed = channels.iter().sum::<f32>() / channels.len() as f32;
    // A file of floats may hold what is no number.
    if mixed.is_finite() { mixed.clamp(-1.0, 1.0) } else { 0.0 }
}

type Opened = (Box<dyn FormatReader>, u32, Box<dyn AudioDecoder>);

fn open(recording: &Recording) -> Result<Opened, Error> {
    let source = Box::new(Cursor::new(recording.content.clone()));
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let probe = symphonia::default::get_probe();
    // The content tells the format; a name may lie.
    let format = probe.probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())?;
    let track =
        format.default_track(TrackType::Audio).ok_or(Error::Unsupported("there is no sound in it"))?;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(Error::Unsupported("its codec is not known"))?;
    let decoder =
        symphonia::default::get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default())?;
    let track = track.id;
    Ok((format, track, decoder))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of a tone as a wav file, 16 bits at 8 kHz.
    fn wav() -> Vec<u8> {
        let samples =
            (0..8000u32).map(|index| (f64::from(index * 440 % 8000) / 4000.0 * 20_000.0 - 20_000.0) as i16);
        let mut file = b"RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x80\x3e\0\0".to_vec();
        file.extend(samples.flat_map(i16::to_le_bytes));
        file
    }

    fn heard(content: Vec<u8>) -> Result<Vec<f32>, MediaError> {
        decode(&Recording { name: "a.wav".to_owned(), content: content.into() }, Duration::from_secs(3600))
    }

    /// Whatever bytes of a file are damaged, it is heard or refused; what is heard are numbers.
    #[test]
    fn damaged_files_are_heard_or_refused() {
        assert_eq!(heard(wav()).unwrap().len(), 16_000);
        arbtest::arbtest(|chance| {
            let mut file = wav();
            for _ in 0..chance.int_in_range(1..=6)? {
                let place = chance.int_in_range(0..=60)?;
                file[place] = chance.arbitrary()?;
            }
            file.truncate(chance.int_in_range(0..=16_044)?);
            if let Ok(samples) = heard(file) {
                assert!(samples.iter().all(|sample| sample.is_finite()));
            }
            Ok(())
        });
    }
}
