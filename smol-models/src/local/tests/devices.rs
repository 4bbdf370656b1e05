//! Tensor operations, which run on any device, against our own kernels and the golden scores: on the processor, where both
//! can be had.

use super::{
    families::golden,
    forward::{TOKENS, largest_difference},
    tiny::Tiny,
};
use crate::local::{
    DeviceMap, LoadOptions, LocalModel,
    checkpoint::Checkpoint,
    decoder::Decoder,
    options::{Dtype, Means, Placement},
};
use candle_core::quantized::GgmlDType;
use std::path::Path;

fn by_tensors(path: &Path, options: &LoadOptions) -> Decoder {
    let placement = Placement { means: Means::Tensors, ..options.placement().unwrap() };
    Decoder::load(&Checkpoint::open(path).unwrap(), &placement).unwrap()
}

fn spread(scores: &[f32]) -> f32 {
    scores.iter().fold(0.0, |spread, score| spread.max(score.abs()))
}

#[test]
fn every_family_gives_the_scores_of_transformers() {
    for (family, golden) in golden() {
        let folder = golden.write();
        let decoder = by_tensors(folder.path(), &LoadOptions::default());
        let mut whole = decoder.cache().unwrap();
        let scores = decoder.forward(&TOKENS, &mut whole).unwrap();
        let limit = 1e-3 * spread(&golden.scores);
        let difference = largest_difference(&scores[..golden.scores.len()], &golden.scores);
        assert!(difference < limit, "{family}: {difference}");
        // In pieces, after cuts and from forks.
        let mut cache = decoder.cache().unwrap();
        for piece in [&TOKENS[..5], &[1, 2, 3, 4]] {
            decoder.forward(piece, &mut cache).unwrap();
        }
        let mut fork = cache.fork(5).unwrap();
        cache.truncate(5);
        for cache in [&mut cache, &mut fork] {
            decoder.forward(&TOKENS[5..11], cache).unwrap();
            let found = decoder.forward(&TOKENS[11..], cache).unwrap();
            let difference = largest_difference(&found, &scores);
            assert!(difference < limit, "{family}: {difference}");
        }
    }
}

#[test]
fn quantised_weights_give_the_scores_of_our_kernels() {
    for kind in [GgmlDType::Q8_0, GgmlDType::Q4_1, GgmlDType::Q5_1] {
        for architecture in ["llama", "qwen2", "qwen3"] {
            let (_folder, path) = Tiny::new(architecture, kind).write();
            let scores = |decoder: &Decoder| decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
            let file = Checkpoint::open(&path).unwrap();
            let options = LoadOptions::default();
            let expect = scores(&Decoder::load(&file, &options.placement().unwrap()).unwrap());
            let found = scores(&by_tensors(&path, &options));
            let relative = largest_difference(&found, &expect) / spread(&expect);
            assert!(relative < 0.06, "{architecture} {kind:?}: {relative}");
        }
    }
}

/// The limits are some times what was measured, and far below what a wrong layout gives.
#[test]
fn rounded_weights_stay_close() {
    let golden = golden();
    let check = |family: &str, options: LoadOptions, limit: f32| {
        let golden = &golden[family];
        let decoder = by_tensors(golden.write().path(), &options);
        let scores = decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
        let difference = largest_difference(&scores[..golden.scores.len()], &golden.scores);
        let relative = difference / spread(&golden.scores);
        assert!(relative > 0.0 && relative < limit, "{family} {options:?}: {relative}");
    };
    check("qwen3_moe", LoadOptions::default().dtype(Dtype::F16), 2e-2);
    for family in ["llama", "gemma3", "lfm2"] {
        check(family, LoadOptions::default().dtype(Dtype::F16), 2e-2);
        check(family, LoadOptions::default().dtype(Dtype::Bf16), 0.1);
        check(family, LoadOptions::default().load_in_8bit(true), 0.3);
        check(family, LoadOptions::default().load_in_4bit(true), 1.0);
    }
}

#[test]
fn a_cache_grows_past_its_first_room() {
    let (_folder, path) = Tiny::new("qwen2", GgmlDType::F32).write();
    let decoder = by_tensors(&path, &LoadOptions::default());
    let tokens = (0..300).map(|token| token % 250).collect::<Vec<_>>();
    let whole = decoder.forward(&tokens, &mut decoder.cache().unwrap()).unwrap();
    let mut cache = decoder.cache().unwrap();
    decoder.forward(&tokens[..250], &mut cache).unwrap();
    let difference = largest_difference(&decoder.forward(&tokens[250..], &mut cache).unwrap(), &whole);
    assert!(difference < 1e-4, "{difference}");
}

/// What is told where a device is asked for that this build or this machine has not.
#[test]
fn devices_that_are_not_there() {
    let (_folder, path) = Tiny::new("llama", GgmlDType::F32).write();
    for name in ["cuda:63", "metal"] {
        let map: DeviceMap = name.parse().unwrap();
        let Err(error) = LocalModel::options().device_map(map).load(&path) else { continue };
        let message = error.to_string();
        assert!(message.contains(&format!("cannot be loaded to `{name}`")), "{message}");
        assert!(message.contains("hint: "), "{message}");
    }
    assert!(LocalModel::options().device_map(DeviceMap::Auto).load(&path).is_ok());
}
