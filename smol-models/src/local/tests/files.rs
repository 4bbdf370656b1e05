//! What is said about files that cannot be used.

use super::tiny::{Tiny, WIDTH};
use crate::local::LocalModel;
use candle_core::quantized::{GgmlDType, gguf_file::Value};
use std::path::Path;

fn message(path: &Path) -> String {
    match LocalModel::load(path) {
        Ok(_) => panic!("`{}` was loaded", path.display()),
        Err(error) => error.to_string(),
    }
}

/// Loading `tiny` must fail with a message that holds each of `expect`.
fn check(tiny: &Tiny, expect: &[&str]) {
    let (_folder, path) = tiny.write();
    let message = message(&path);
    for expect in expect.iter().chain(&["tiny.gguf", "hint: "]) {
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    }
}

fn llama() -> Tiny {
    Tiny::new("llama", GgmlDType::Q8_0)
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn headers_that_do_not_fit() {
    check(
        &llama().without("general.architecture"),
        &["`general.architecture` should be text, found nothing"],
    );
    check(
        &llama().set("general.architecture", text("mamba")),
        &["its architecture is `mamba`", "qwen2, qwen3"],
    );
    check(&llama().set("llama.expert_count", Value::U32(8)), &["mixture of experts"]);
    check(
        &llama().without("llama.block_count"),
        &["`llama.block_count` should be a whole number, found nothing"],
    );
    check(&llama().set("llama.block_count", text("2")), &["should be a whole number, found String"]);
    check(&llama().set("llama.block_count", Value::I32(-1)), &["should be a whole number, found I32"]);
    check(&llama().set("llama.embedding_length", Value::U64(1 << 60)), &["expected 1 to 16777216"]);
    check(&llama().set("llama.attention.head_count", Value::U32(0)), &["`llama.attention.head_count` is 0"]);
    check(&llama().set("llama.attention.head_count_kv", Value::U32(3)), &["4 heads do not share 3"]);
    check(
        &llama().set("llama.attention.key_length", Value::U32(20)),
        &["the size 20, expected a multiple of 16"],
    );
    check(&llama().set("llama.rope.scaling.type", text("ntk")), &["is `ntk`, expected `none`, `linear`"]);
    check(&llama().set("llama.rope.dimension_count", Value::U32(32)), &["rotates more numbers than the 16"]);
    check(&llama().set("general.alignment", Value::U32(0)), &["header"]);
}

#[test]
fn tokenizers_that_are_not_known() {
    check(
        &llama().set("tokenizer.ggml.model", text("bert")),
        &["`tokenizer.ggml.model` is `bert`, expected `gpt2`"],
    );
    check(
        &llama().set("tokenizer.ggml.model", text("llama")),
        &["`tokenizer.ggml.scores` should hold a number"],
    );
    check(
        &llama().set("tokenizer.ggml.pre", text("porridge")),
        &["`tokenizer.ggml.pre` is `porridge`", "smollm"],
    );
    check(&llama().without("tokenizer.ggml.pre"), &["`tokenizer.ggml.pre` should be text, found nothing"]);
    check(&llama().set("tokenizer.ggml.eos_token_id", Value::U32(9999)), &["is 9999, but there are"]);
    check(
        &llama().set("tokenizer.ggml.token_type", Value::Array(vec![Value::I32(1)])),
        &["a number for each of the"],
    );
    check(
        &llama().set("tokenizer.ggml.merges", Value::Array(vec![text("he")])),
        &["the merge `he` is not two tokens"],
    );
    check(&llama().set("tokenizer.ggml.merges", Value::Array(vec![text("x yz")])), &["cannot be used"]);
    check(&llama().set("tokenizer.chat_template", text("{% if %}")), &["chat template does not parse"]);
}

#[test]
fn tensors_that_do_not_fit() {
    check(&llama().without("blk.1.ffn_up.weight"), &["the tensor `blk.1.ffn_up.weight` is missing"]);
    check(&llama().without("token_embd.weight"), &["the tensor `token_embd.weight` is missing"]);
    let mut short = llama();
    short.vector("output_norm.weight", WIDTH / 2, 1.0);
    check(&short, &["`output_norm.weight` has the shape [32], expected [64]"]);
    let mut qwen = Tiny::new("qwen2", GgmlDType::Q8_0);
    qwen.tensors.remove("blk.0.attn_k.bias");
    check(&qwen, &["the tensor `blk.0.attn_k.bias` is missing"]);
}

#[test]
fn files_that_are_no_models() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.gguf");
    assert!(message(&path).contains("could not open the model file"));
    let (_whole_folder, whole) = llama().write();
    let whole = std::fs::read(whole).unwrap();
    let mut version = whole.clone();
    version[4] = 9;
    let mut kind = whole.clone();
    let place = kind.windows(16).position(|bytes| bytes == b"blk.0.ffn_up.wei").unwrap();
    // After the name come the number of dimensions and two dimensions.
    kind[place + "blk.0.ffn_up.weight".len() + 4 + 16..][..4].copy_from_slice(&99u32.to_le_bytes());
    let hostile = [b"GGUF".as_slice(), &3u32.to_le_bytes(), &[0xFF; 16]].concat();
    let cases: [(&[u8], &str); 6] = [
        (b"", "is no GGUF file"),
        (b"PK\x03\x04 something else", "it starts with `PK\\u{3}\\u{4}`, expected `GGUF`"),
        (&version, "unsupported magic/version"),
        (&kind, "99"),
        (&hostile, "header"),
        (&whole[..whole.len() - 100], "could not be read"),
    ];
    for (bytes, expect) in cases {
        std::fs::write(&path, bytes).unwrap();
        let message = message(&path);
        assert!(message.contains(expect) && message.contains("tiny.gguf"), "`{expect}` is not in: {message}");
    }
}

/// Every way of cutting a file short gives an error and no panic.
#[test]
fn cut_headers_are_errors() {
    let (folder, path) = llama().write();
    let whole = std::fs::read(&path).unwrap();
    let cut = folder.path().join("cut.gguf");
    for length in (0..whole.len()).step_by(97) {
        std::fs::write(&cut, &whole[..length]).unwrap();
        message(&cut);
    }
}
