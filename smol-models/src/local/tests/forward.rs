//! The forward pass against what llama.cpp computed for the same tiny files.

use super::tiny::Tiny;
use crate::local::{decoder::Decoder, gguf::Gguf};
use candle_core::quantized::GgmlDType;

const TOKENS: [u32; 12] = [104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 33];

fn load(tiny: &Tiny) -> Decoder {
    let (_folder, path) = tiny.write();
    Decoder::load(&mut Gguf::open(&path).unwrap()).unwrap()
}

/// Scores after `TOKENS`, read in pieces of the lengths given.
fn scores(decoder: &Decoder, pieces: &[usize]) -> Vec<f32> {
    let mut cache = decoder.cache().unwrap();
    let mut rest = TOKENS.as_slice();
    let mut scores = Vec::new();
    for &length in pieces {
        let (piece, left) = rest.split_at(length);
        scores = decoder.forward(piece, &mut cache).unwrap();
        rest = left;
    }
    assert!(rest.is_empty() && cache.length() == TOKENS.len());
    scores
}

fn largest_difference(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f32::max)
}

#[test]
fn scores_are_those_of_llama_cpp() {
    let golden = include_str!("../../../tests/fixtures/local/scores.json");
    let golden: std::collections::BTreeMap<String, Vec<f32>> = serde_json::from_str(golden).unwrap();
    assert_eq!(golden.len(), 3);
    for (architecture, expect) in golden {
        let scores = scores(&load(&Tiny::new(&architecture, GgmlDType::F32)), &[TOKENS.len()]);
        // The fixture holds logarithms of probabilities.
        let total = scores.iter().map(|score| score.exp()).sum::<f32>().ln();
        let found = scores.iter().map(|score| score - total).collect::<Vec<_>>();
        let difference = largest_difference(&found, &expect);
        // The fixture was made with keys and values in 32 bits; ours are rounded to 16.
        assert!(difference < 5e-3, "{architecture}: {difference}");
    }
}

#[test]
fn pieces_give_the_scores_of_the_whole() {
    for architecture in ["llama", "qwen2", "qwen3"] {
        let decoder = load(&Tiny::new(architecture, GgmlDType::F32));
        let whole = scores(&decoder, &[12]);
        for pieces in [vec![1; 12], vec![11, 1], vec![1, 11], vec![5, 4, 3]] {
            let difference = largest_difference(&scores(&decoder, &pieces), &whole);
            assert!(difference < 1e-4, "{architecture} {pieces:?}: {difference}");
        }
    }
}

#[test]
fn quantised_weights_stay_close() {
    for kind in [GgmlDType::Q8_0, GgmlDType::Q5_1] {
        let exact = scores(&load(&Tiny::new("qwen3", GgmlDType::F32)), &[12]);
        let found = scores(&load(&Tiny::new("qwen3", kind)), &[12]);
        let spread = exact.iter().fold(0.0f32, |spread, score| spread.max(score.abs()));
        let difference = largest_difference(&found, &exact) / spread;
        let limit = if kind == GgmlDType::Q8_0 { 0.03 } else { 0.2 };
        assert!(difference < limit, "{kind:?}: {difference}");
    }
}

#[test]
fn a_cut_or_forked_cache_continues_as_if_nothing_had_followed() {
    let decoder = load(&Tiny::new("llama", GgmlDType::Q8_0));
    let expect = scores(&decoder, &[8, 4]);
    let mut cache = decoder.cache().unwrap();
    decoder.forward(&TOKENS[..8], &mut cache).unwrap();
    decoder.forward(&[1, 2, 3], &mut cache).unwrap();
    let mut fork = cache.fork(8).unwrap();
    cache.truncate(8);
    assert_eq!(decoder.forward(&TOKENS[8..], &mut cache).unwrap(), expect);
    assert_eq!(decoder.forward(&TOKENS[8..], &mut fork).unwrap(), expect);
}

#[test]
fn a_cache_grows_past_its_first_room() {
    let decoder = load(&Tiny::new("qwen2", GgmlDType::F32));
    let tokens = (0..300).map(|token| token % 250).collect::<Vec<_>>();
    let whole = decoder.forward(&tokens, &mut decoder.cache().unwrap()).unwrap();
    let mut cache = decoder.cache().unwrap();
    decoder.forward(&tokens[..250], &mut cache).unwrap();
    let difference = largest_difference(&decoder.forward(&tokens[250..], &mut cache).unwrap(), &whole);
    assert!(difference < 1e-4, "{difference}");
}
