//! What a tiny LLaVA sees, against what `transformers` computed for the same weights and picture: see `llava.py` beside
//! the golden values.

use super::tiny::noise;
use crate::local::vision::Vision;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

#[derive(Deserialize)]
pub(super) struct Golden {
    pub(super) config: Value,
    pub(super) preparation: Value,
    pub(super) shapes: HashMap<String, Vec<usize>>,
    picture: [usize; 2],
    seen: Vec<f32>,
}

impl Golden {
    pub(super) fn read() -> Self {
        serde_json::from_str(include_str!("../../../tests/fixtures/local/llava.json")).unwrap()
    }

    pub(super) fn tensors(&self) -> HashMap<String, Tensor> {
        self.shapes.iter().map(|(name, shape)| (name.clone(), tensor(name, shape))).collect()
    }

    /// The picture as a PNG file.
    pub(super) fn picture(&self) -> Vec<u8> {
        let [width, height] = self.picture;
        let colours = noise("picture", width * height * 3).into_iter();
        let colours = colours.map(|number| ((number + 1.0) * 127.0) as u8).collect::<Vec<_>>();
        png(width as u32, height as u32, png::ColorType::Rgb, &colours)
    }

    fn vision(&self, preparation: &Value) -> Result<Vision, String> {
        let tensors = VarBuilder::from_tensors(self.tensors(), DType::F32, &Device::Cpu);
        Vision::load(&self.config, preparation, 64, &tensors)
    }
}

fn tensor(name: &str, shape: &[usize]) -> Tensor {
    let middle = if name.contains("norm") && name.ends_with("weight") { 1.0 } else { 0.0 };
    let numbers = noise(name, shape.iter().product()).into_iter().map(|number| middle + number * 0.25);
    Tensor::from_vec(numbers.collect::<Vec<_>>(), shape, &Device::Cpu).unwrap()
}

fn png(width: u32, height: u32, color: png::ColorType, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
    file
}

pub(super) fn largest_difference(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f32::max)
}

#[test]
fn a_picture_becomes_the_rows_that_transformers_gives() {
    let golden = Golden::read();
    let vision = golden.vision(&golden.preparation).unwrap();
    assert_eq!((vision.token, vision.patches), (262, 4));
    let seen = vision.see(&golden.picture()).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let difference = largest_difference(&seen, &golden.seen);
    assert!(difference < 1e-4, "{difference}");
}

/// Greys, transparency and any shape become the same kind of rows; a picture as long as it is thin takes no more room.
#[test]
fn pictures_of_every_kind_are_seen() {
    let golden = Golden::read();
    let vision = golden.vision(&Value::Null).unwrap();
    let grey = png(40, 30, png::ColorType::Grayscale, &[7; 1200]);
    let expect = vision.see(&png(40, 30, png::ColorType::Rgb, &[7; 3600])).unwrap().to_vec2::<f32>().unwrap();
    assert_eq!((expect.len(), expect[0].len()), (4, 64));
    let rows = [
        grey,
        png(40, 30, png::ColorType::GrayscaleAlpha, &[7, 9].repeat(1200)),
        png(40, 30, png::ColorType::Rgba, &[7, 7, 7, 0].repeat(1200)),
        png(1, 16_000, png::ColorType::Grayscale, &[7; 16_000]),
        png(16_000, 2, png::ColorType::Grayscale, &[7; 32_000]),
    ];
    for file in rows {
        assert_eq!(vision.see(&file).unwrap().to_vec2::<f32>().unwrap(), expect);
    }
}

#[test]
fn files_that_are_no_pictures() {
    let golden = Golden::read();
    let vision = golden.vision(&golden.preparation).unwrap();
    let whole = golden.picture();
    // A header that promises a picture of 2 to the power of 60 bytes.
    let mut vast = whole.clone();
    vast[16..24].copy_from_slice(&[0x20, 0, 0, 0, 0x20, 0, 0, 0]);
    let check = |file: &[u8], expect: &str| {
        let message = vision.see(file).unwrap_err();
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    };
    check(b"", "neither PNG nor JPEG");
    check(b"GIF89a", "neither PNG nor JPEG");
    check(&vast, "");
    check(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4], "");
    for length in (8..whole.len()).step_by(131) {
        check(&whole[..length], "");
    }
}

#[test]
fn eyes_that_do_not_fit() {
    let golden = Golden::read();
    let check = |key: &[&str], value: Value, expect: &str| {
        let mut golden = Golden::read();
        let (last, path) = key.split_last().unwrap();
        let place = path.iter().fold(&mut golden.config, |place, key| &mut place[*key]);
        place[*last] = value;
        let Err(message) = golden.vision(&golden.preparation) else { panic!("{key:?} was taken") };
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    };
    check(&["vision_config", "model_type"], json!("siglip_vision_model"), "expected `clip_vision_model`");
    check(&["vision_config", "num_attention_heads"], json!(5), "5 heads of the vision tower");
    check(&["vision_config", "patch_size"], json!(0), "do not make patches of 0");
    check(&["vision_config", "num_hidden_layers"], json!(4), "encoder.layers.2");
    check(&["vision_config", "hidden_size"], json!(48), "class_embedding");
    check(&["vision_config"], json!(null), "vision_config");
    check(&["vision_feature_layer"], json!(-5), "`vision_feature_layer` is -5, but the tower has 3 layers");
    check(&["vision_feature_select_strategy"], json!("full"), "is `full`, expected `default`");
    let small = json!({"crop_size": 20, "size": 20});
    assert!(golden.vision(&small).err().unwrap().contains("the model reads 28 by 28"));
    let nearest = json!({"crop_size": 28, "size": 28, "resample": 0});
    assert!(golden.vision(&nearest).err().unwrap().contains("`resample` is 0"));
}
