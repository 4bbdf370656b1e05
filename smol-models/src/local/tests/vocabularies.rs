//! Real vocabularies, cut down to the tokens that a few texts can touch, against the libraries they were made with.
//!
//! The fixture was made by `tokenizers.py` beside it: SentencePiece for Mistral, tiktoken for those of Mistral Nemo,
//! Llama 3, Llama 4 (whose splitting is Phi-4-mini's) and Qwen, llama.cpp for Gemma.

use super::tiny::Tiny;
use crate::local::{checkpoint::Header, gguf::Gguf, vocabulary::Vocabulary};
use candle_core::quantized::{GgmlDType, gguf_file::Value};
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Golden {
    model: String,
    pre: String,
    tokens: Vec<String>,
    types: Vec<i32>,
    #[serde(default)]
    scores: Vec<f32>,
    #[serde(default)]
    merges: Vec<String>,
    space_prefix: Option<bool>,
    texts: Vec<(String, Vec<u32>)>,
}

impl Golden {
    fn vocabulary(&self) -> Vocabulary {
        let texts = |texts: &[String]| Value::Array(texts.iter().cloned().map(Value::String).collect());
        let mut tiny = Tiny::new("llama", GgmlDType::F32)
            .set("tokenizer.ggml.model", Value::String(self.model.clone()))
            .set("tokenizer.ggml.pre", Value::String(self.pre.clone()))
            .set("tokenizer.ggml.tokens", texts(&self.tokens))
            .set("tokenizer.ggml.merges", texts(&self.merges))
            .set(
                "tokenizer.ggml.token_type",
                Value::Array(self.types.iter().copied().map(Value::I32).collect()),
            )
            .set("tokenizer.ggml.scores", Value::Array(self.scores.iter().copied().map(Value::F32).collect()))
            .set("tokenizer.ggml.bos_token_id", Value::U32(1))
            .set("tokenizer.ggml.eos_token_id", Value::U32(2))
            .set("tokenizer.ggml.add_bos_token", Value::Bool(false));
        if let Some(prefix) = self.space_prefix {
            tiny = tiny.set("tokenizer.ggml.add_space_prefix", Value::Bool(prefix));
        }
        let (_folder, path) = tiny.write();
        Vocabulary::load(&Header::Gguf(Gguf::open(&path).unwrap().0)).unwrap()
    }
}

#[test]
fn tokens_are_those_of_the_reference() {
    let golden = include_str!("../../../tests/fixtures/local/tokenizers.json");
    let golden: BTreeMap<String, Golden> = serde_json::from_str(golden).unwrap();
    assert_eq!(golden.len(), 6);
    let mut wrong = Vec::new();
    for (name, golden) in golden {
        let vocabulary = golden.vocabulary();
        let written = |tokens: &[u32]| {
            tokens.iter().map(|token| golden.tokens[*token as usize].clone()).collect::<Vec<_>>()
        };
        for (text, expect) in &golden.texts {
            let found = vocabulary.encode(text).unwrap();
            if found != *expect {
                wrong.push(format!("{name} {text:?}\n  {:?}\n  {:?}", written(expect), written(&found)));
            }
            let back = found.iter().flat_map(|token| vocabulary.text(*token)).copied().collect::<Vec<_>>();
            let back = String::from_utf8(back).unwrap();
            let is_prefixed = golden.model == "llama" && golden.space_prefix.is_none();
            let expect = if is_prefixed { format!(" {text}") } else { text.clone() };
            if back != expect {
                wrong.push(format!("{name} {text:?} came back as {back:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
