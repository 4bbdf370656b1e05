//! Every family in GGUF files against what llama.cpp computes for the same files.
//!
//! The fixture holds keys, shapes and scores; `gguf_families.py` and `gguf_families.mjs` beside it made them.

use super::{
    families::decoder,
    forward::{TOKENS, largest_difference},
    tiny::{Tiny, noise},
};
use crate::local::options::LoadOptions;
use candle_core::{
    Device, Tensor,
    quantized::{GgmlDType, QTensor, gguf_file::Value},
};
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Golden {
    architecture: String,
    metadata: BTreeMap<String, serde_json::Value>,
    tensors: BTreeMap<String, Vec<usize>>,
    /// Logarithms of the probabilities of the first tokens.
    scores: Vec<f32>,
}

/// JSON does not tell 1 from 1.0, but GGUF does.
fn value(key: &str, json: &serde_json::Value) -> Value {
    let is_fraction = ["base", "factor", "epsilon", "scale"].iter().any(|ending| key.ends_with(ending));
    match json {
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(values) => {
            Value::Array(values.iter().map(|json| value(key, json)).collect())
        }
        number if is_fraction => Value::F32(number.as_f64().unwrap() as f32),
        number => Value::U32(number.as_u64().unwrap() as u32),
    }
}

impl Golden {
    fn tiny(&self) -> Tiny {
        let mut tiny = Tiny::new("llama", GgmlDType::F32);
        tiny.metadata.retain(|key, _| key.starts_with("tokenizer."));
        tiny.metadata.insert("general.architecture".to_owned(), Value::String(self.architecture.clone()));
        tiny.metadata.extend(self.metadata.iter().map(|(key, json)| (key.clone(), value(key, json))));
        let tensor = |name: &String, dims: &Vec<usize>| {
            let is_norm = dims.len() == 1 && (name.contains("norm") || name.contains("rope"));
            let middle = if is_norm { 1.0 } else { 0.0 };
            let numbers = noise(name, dims.iter().product()).into_iter().map(|number| middle + number * 0.25);
            let tensor = Tensor::from_vec(numbers.collect(), dims.as_slice(), &Device::Cpu).unwrap();
            QTensor::quantize(&tensor, GgmlDType::F32).unwrap()
        };
        tiny.tensors = self.tensors.iter().map(|(name, dims)| (name.clone(), tensor(name, dims))).collect();
        tiny
    }
}

#[test]
fn scores_are_those_of_llama_cpp() {
    let golden = include_str!("../../../tests/fixtures/local/gguf_families.json");
    let golden: BTreeMap<String, Golden> = serde_json::from_str(golden).unwrap();
    assert_eq!(golden.len(), 12);
    let mut wrong = Vec::new();
    for (family, golden) in golden {
        let (_folder, path) = golden.tiny().write();
        let decoder = decoder(&path, &LoadOptions::default());
        let scores = decoder.forward(&TOKENS, &mut decoder.cache().unwrap()).unwrap();
        let total = scores.iter().map(|score| score.exp()).sum::<f32>().ln();
        let found = scores.iter().take(golden.scores.len()).map(|score| score - total).collect::<Vec<_>>();
        let difference = largest_difference(&found, &golden.scores);
        // llama.cpp looks GELU up in a table of 16 bits, whose errors go through Gemma's seven layers.
        let limit = if family == "gemma3" { 3e-3 } else { 1e-3 };
        if difference.is_nan() || difference > limit {
            wrong.push(format!("{family}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
