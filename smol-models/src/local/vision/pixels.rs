//! From the bytes of a PNG or JPEG file to the numbers that a vision model reads, as `preprocessor_config.json` says.

use super::resample::{Axis, CHANNELS, Picture, scale};
use serde::Deserialize;
use std::io::Cursor;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// No picture that is shown to a model is larger, in pixels a side.
const LARGEST_SIDE: usize = 16_384;
/// Bytes that decoding one picture may take.
const LARGEST_PICTURE: usize = 512 << 20;

/// How pictures are made fit for a vision model of the CLIP kind. The defaults are CLIP's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Preparation {
    /// The length that the shorter side gets.
    size: Edge,
    /// The square that is cut out of the middle.
    crop_size: Edge,
    rescale_factor: f32,
    image_mean: [f32; CHANNELS],
    image_std: [f32; CHANNELS],
    /// The filter's number in Pillow; 3 is bicubic.
    resample: u8,
}

/// A length, in either of the ways it is written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Edge {
    Number(usize),
    Shortest { shortest_edge: usize },
    Square { height: usize, width: usize },
}

impl Default for Preparation {
    fn default() -> Self {
        Self {
            size: Edge::Shortest { shortest_edge: 224 },
            crop_size: Edge::Number(224),
            rescale_factor: 1.0 / 255.0,
            image_mean: [0.481_454_66, 0.457_827_5, 0.408_210_73],
            image_std: [0.268_629_54, 0.261_302_6, 0.275_777_1],
            resample: 3,
        }
    }
}

impl Preparation {
    /// What CLIP does for pictures of `side` pixels.
    pub(super) fn of_side(side: usize) -> Self {
        Self { size: Edge::Number(side), crop_size: Edge::Number(side), ..Self::default() }
    }

    /// Whether pictures come out as squares of `side` pixels, by the only filter there is here; else what is wrong.
    pub(super) fn check(&self, side: usize) -> Result<(), String> {
        let crop = match self.crop_size {
            Edge::Number(side) | Edge::Shortest { shortest_edge: side } => (side, side),
            Edge::Square { height, width } => (height, width),
        };
        if crop != (side, side) || self.shortest() < side {
            return Err(format!("it makes pictures of {crop:?} pixels, the model reads {side} by {side}"));
        }
        match self.resample {
            3 => Ok(()),
            other => Err(format!("`resample` is {other}, expected 3 (bicubic)")),
        }
    }

    fn shortest(&self) -> usize {
        match self.size {
            Edge::Number(side) | Edge::Shortest { shortest_edge: side } => side,
            Edge::Square { height, width } => height.min(width),
        }
    }

    /// The numbers of the picture in `file`: channel by channel, `side` rows of `side` each. Else what is wrong with it.
    pub(super) fn numbers(&self, file: &[u8], side: usize) -> Result<Vec<f32>, String> {
        let picture = self.fit(&decode(file)?, side);
        let channels = self.image_mean.iter().zip(&self.image_std).enumerate();
        let numbers = channels.flat_map(|(channel, (mean, deviation))| {
            let bytes = picture.bytes.iter().skip(channel).step_by(CHANNELS);
            bytes.map(move |byte| (f32::from(*byte) * self.rescale_factor - mean) / deviation)
        });
        Ok(numbers.collect())
    }

    /// Scales the shorter side, and cuts a square out of the middle.
    fn fit(&self, picture: &Picture, side: usize) -> Picture {
        let shortest = self.shortest();
        let shorter = picture.width.min(picture.height);
        let axis = |from: usize| {
            let to = if from == shorter { shortest } else { shortest * from / shorter };
            let margin = (to - side) / 2;
            Axis { from, to, part: margin..margin + side }
        };
        scale(picture, &axis(picture.width), &axis(picture.height))
    }
}

/// Turns `file` into rows of red, green and blue. What lies behind a transparent pixel is shown.
fn decode(file: &[u8]) -> Result<Picture, String> {
    match file {
        [0x89, b'P', b'N', b'G', ..] => decode_png(file),
        [0xFF, 0xD8, 0xFF, ..] => decode_jpeg(file),
        _ => Err("it is neither PNG nor JPEG".to_owned()),
    }
}

fn decode_png(file: &[u8]) -> Result<Picture, String> {
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(file), png::Limits { bytes: LARGEST_PICTURE });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|cause| cause.to_string())?;
    let size = reader.output_buffer_size().filter(|size| *size <= LARGEST_PICTURE);
    let mut bytes = vec![0; size.ok_or("it is too large")?];
    let frame = reader.next_frame(&mut bytes).map_err(|cause| cause.to_string())?;
    bytes.truncate(frame.buffer_size());
    let bytes = match frame.color_type {
        png::ColorType::Rgb => bytes,
        png::ColorType::Rgba => {
            bytes.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect()
        }
        png::ColorType::GrayscaleAlpha => {
            bytes.as_chunks::<2>().0.iter().flat_map(|[grey, _]| [*grey; 3]).collect()
        }
        _ => bytes.iter().flat_map(|grey| [*grey; 3]).collect(),
    };
    Ok(Picture { width: frame.width as usize, height: frame.height as usize, bytes })
}

fn decode_jpeg(file: &[u8]) -> Result<Picture, String> {
    let options = DecoderOptions::default().set_max_width(LARGEST_SIDE).set_max_height(LARGEST_SIDE);
    let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|cause| cause.to_string())?;
    decoder.output_buffer_size().filter(|size| *size <= LARGEST_PICTURE).ok_or("it is too large")?;
    let bytes = decoder.decode().map_err(|cause| cause.to_string())?;
    let (width, height) = decoder.dimensions().ok_or("it has no size")?;
    Ok(Picture { width, height, bytes })
}
