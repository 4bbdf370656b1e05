//! Every family in the Hub's shape against what `transformers` computes for the same weights.
//!
//! The fixture holds configurations, shapes and scores; `families.py` beside it made them. Weights are noise by name.

use super::{
    forward::{TOKENS, largest_difference},
    tiny::noise,
};
use crate::local::{
    checkpoint::Checkpoint,
    decoder::Decoder,
    options::{Bits, Dtype, LoadOptions},
};
use safetensors::{Dtype as Stored, tensor::TensorView};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};
use tempfile::TempDir;

/// One family of the fixture.
#[derive(serde::Deserialize)]
pub(super) struct Golden {
    pub(super) config: Value,
    pub(super) tensors: BTreeMap<String, Vec<usize>>,
    pub(super) scores: Vec<f32>,
}

/// The fixture, by family.
pub(super) fn golden() -> BTreeMap<String, Golden> {
    serde_json::from_str(include_str!("../../../tests/fixtures/local/families.json")).unwrap()
}

impl Golden {
    /// The bytes of the tensor `name` in f32.
    fn bytes(&self, name: &str) -> Vec<u8> {
        let shape = &self.tensors[name];
        let middle = if shape.len() == 1 && name.contains("norm") { 1.0 } else { 0.0 };
        let numbers = noise(name, shape.iter().product()).into_iter().map(|number| middle + number * 0.25);
        numbers.flat_map(f32::to_le_bytes).collect()
    }

    /// Writes those tensors whose names `keep` keeps to `path`.
    pub(super) fn write_weights(&self, path: &Path, keep: impl Fn(&str) -> bool) {
        let kept = self.tensors.iter().filter(|(name, _)| keep(name));
        let tensors = kept.map(|(name, shape)| (name, shape, self.bytes(name))).collect::<Vec<_>>();
        let views = tensors.iter().map(|(name, shape, bytes)| {
            (name.as_str(), TensorView::new(Stored::F32, shape.to_vec(), bytes).unwrap())
        });
        std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
    }

    /// A folder of the Hub's shape with this model, without a tokenizer.
    pub(super) fn write(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), self.config.to_string()).unwrap();
        self.write_weights(&folder.path().join("model.safetensors"), |_| true);
        folder
    }
}

/// The decoder in `folder`.
pub(super) fn decoder(folder: &Path, options: &LoadOptions) -> Decoder {
    Decoder::load(&Checkpoint::open(folder).unwrap(), &options.placement().unwrap()).unwrap()
}

fn spread(scores: &[f32]) -> f32 {
    scores.iter().fold(0.0, |spread, score| spread.max(score.abs()))
}

#[test]
fn scores_are_those_of_transformers() {
    let mut wrong = Vec::new();
    for (family, golden) in golden() {
        let folder = golden.write();
        let decoder = decoder(folder.path(), &LoadOptions::default());
        let scores = decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
        let difference = largest_difference(&scores[..golden.scores.len()], &golden.scores);
        let relative = difference / spread(&golden.scores);
        if relative.is_nan() || relative > 1e-3 {
            wrong.push(format!("{family}: {relative}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn pieces_cuts_and_forks_change_nothing() {
    for (family, golden) in golden() {
        let folder = golden.write();
        let decoder = decoder(folder.path(), &LoadOptions::default());
        let whole = decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
        let limit = 1e-4 * spread(&whole);
        for lengths in [vec![1; 12], vec![11, 1], vec![1, 11], vec![5, 4, 3]] {
            let (mut cache, mut rest, mut scores) = (decoder.cache().unwrap(), TOKENS.as_slice(), Vec::new());
            for length in &lengths {
                let (piece, left) = rest.split_at(*length);
                scores = decoder.forward(piece, &mut cache).unwrap();
                rest = left;
            }
            let difference = largest_difference(&scores, &whole);
            assert!(difference < limit, "{family} {lengths:?}: {difference}");
        }
        let mut cache = decoder.cache().unwrap();
        decoder.forward(&TOKENS[..8], &mut cache).unwrap();
        decoder.forward(&[1, 2, 3, 4, 5, 6, 7], &mut cache).unwrap();
        let mut fork = cache.fork(8).unwrap();
        cache.truncate(8);
        for cache in [&mut cache, &mut fork] {
            let difference = largest_difference(&decoder.forward(&TOKENS[8..], cache).unwrap(), &whole);
            assert!(difference < limit, "{family}: {difference}");
        }
    }
}

/// Rounded weights stay near: the limits are some times what was measured, and far below what a wrong layout gives.
#[test]
fn precisions_stay_close() {
    let golden = golden();
    let check = |family: &str, options: &LoadOptions, limit: f32| {
        let folder = golden[family].write();
        let decoder = decoder(folder.path(), options);
        let scores = decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
        let expect = &golden[family].scores;
        let relative = largest_difference(&scores[..expect.len()], expect) / spread(expect);
        assert!(relative > 0.0 && relative < limit, "{family} {options:?}: {relative}");
    };
    for family in ["llama", "qwen3", "phi3", "lfm2", "granite"] {
        check(family, &LoadOptions::default().dtype(Dtype::F16), 2e-2);
        check(family, &LoadOptions::default().dtype(Dtype::Bf16), 8e-2);
        check(family, &LoadOptions::default().load_in_8bit(true), 0.1);
        check(family, &LoadOptions::default().load_in_4bit(true), 0.6);
    }
}

#[test]
fn options_are_what_was_set_last() {
    let bits = |options: LoadOptions| options.placement().unwrap().bits;
    assert_eq!(bits(LoadOptions::default()), None);
    assert_eq!(bits(LoadOptions::default().load_in_8bit(true).load_in_4bit(true)), Some(Bits::Four));
    assert_eq!(bits(LoadOptions::default().load_in_8bit(true).load_in_4bit(false)), Some(Bits::Eight));
    assert_eq!(bits(LoadOptions::default().load_in_8bit(true).load_in_8bit(false)), None);
}
