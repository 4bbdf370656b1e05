//! Writes models of a few thousand numbers, the same ones each time.

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Value},
    },
};
use std::{collections::BTreeMap, fs::File, io::BufWriter, path::PathBuf};
use tempfile::TempDir;

pub(super) const WIDTH: usize = 64;
const FEED_FORWARD: usize = 96;
const HEADS: usize = 4;
const KV_HEADS: usize = 2;
const CONTEXT: u32 = 512;
const LAYERS: usize = 2;

/// A model before it is written, for tests to spoil.
pub(super) struct Tiny {
    pub(super) metadata: BTreeMap<String, Value>,
    pub(super) tensors: BTreeMap<String, QTensor>,
}

impl Tiny {
    /// A model of `architecture` whose matrices are of the type `kind`.
    pub(super) fn new(architecture: &str, kind: GgmlDType) -> Self {
        let head_size = if architecture == "qwen3" { 32 } else { WIDTH / HEADS };
        let mut tiny = Self { metadata: metadata(architecture, head_size), tensors: BTreeMap::new() };
        let vocabulary = tokens().len();
        tiny.matrix("token_embd.weight", vocabulary, WIDTH, kind);
        tiny.vector("output_norm.weight", WIDTH, 1.0);
        if architecture != "llama" {
            tiny.matrix("output.weight", vocabulary, WIDTH, kind);
        }
        for layer in 0..LAYERS {
            tiny.layer(architecture, &format!("blk.{layer}"), head_size, kind);
        }
        tiny
    }

    fn layer(&mut self, architecture: &str, name: &str, head_size: usize, kind: GgmlDType) {
        for (part, heads) in [("attn_q", HEADS), ("attn_k", KV_HEADS), ("attn_v", KV_HEADS)] {
            self.matrix(&format!("{name}.{part}.weight"), heads * head_size, WIDTH, kind);
            if architecture == "qwen2" {
                self.vector(&format!("{name}.{part}.bias"), heads * head_size, 0.0);
            }
            if architecture == "qwen3" && part != "attn_v" {
                self.vector(&format!("{name}.{part}_norm.weight"), head_size, 1.0);
            }
        }
        self.matrix(&format!("{name}.attn_output.weight"), WIDTH, HEADS * head_size, kind);
        self.vector(&format!("{name}.attn_norm.weight"), WIDTH, 1.0);
        self.vector(&format!("{name}.ffn_norm.weight"), WIDTH, 1.0);
        self.matrix(&format!("{name}.ffn_gate.weight"), FEED_FORWARD, WIDTH, kind);
        self.matrix(&format!("{name}.ffn_up.weight"), FEED_FORWARD, WIDTH, kind);
        self.matrix(&format!("{name}.ffn_down.weight"), WIDTH, FEED_FORWARD, kind);
    }

    fn matrix(&mut self, name: &str, rows: usize, columns: usize, kind: GgmlDType) {
        let values = noise(name, rows * columns).into_iter().map(|value| value * 0.25).collect::<Vec<_>>();
        let tensor = Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap();
        self.tensors.insert(name.to_owned(), QTensor::quantize(&tensor, kind).unwrap());
    }

    pub(super) fn vector(&mut self, name: &str, length: usize, middle: f32) {
        let values = noise(name, length).into_iter().map(|value| middle + value * 0.25).collect::<Vec<_>>();
        let tensor = Tensor::from_vec(values, length, &Device::Cpu).unwrap();
        self.tensors.insert(name.to_owned(), QTensor::quantize(&tensor, GgmlDType::F32).unwrap());
    }

    pub(super) fn set(mut self, key: &str, value: Value) -> Self {
        self.metadata.insert(key.to_owned(), value);
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        assert!(self.metadata.remove(name).is_some() || self.tensors.remove(name).is_some(), "{name}");
        self
    }

    /// Writes the model to a file, which lives as long as the folder returned with its path.
    pub(super) fn write(&self) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.gguf");
        let metadata = self.metadata.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>();
        let tensors = self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect::<Vec<_>>();
        let mut file = BufWriter::new(File::create(&path).unwrap());
        gguf_file::write(&mut file, &metadata, &tensors).unwrap();
        drop(file);
        (folder, path)
    }
}

/// Numbers from -1 to 1 that depend on `name` alone, by a linear congruence.
pub(super) fn noise(name: &str, count: usize) -> Vec<f32> {
    let mut state =
        name.bytes().fold(7u32, |state, byte| state.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let step = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..count).map(step).collect()
}

/// One token for every byte, then two control tokens, then one defined by a user.
pub(super) fn tokens() -> Vec<String> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let mut hidden = '\u{100}'..;
    let bytes =
        (0..=255u8).map(|byte| if printable(&byte) { char::from(byte) } else { hidden.next().unwrap() });
    let marks = ["<|im_start|>", "<|im_end|>", "<code>"].map(str::to_owned);
    bytes.map(String::from).chain(["he".to_owned(), "llo".to_owned(), "ll".to_owned()]).chain(marks).collect()
}

fn metadata(architecture: &str, head_size: usize) -> BTreeMap<String, Value> {
    let tokens = tokens();
    let count = tokens.len() as u32;
    let types = (0..count).map(|id| {
        Value::I32(if id + 1 == count {
            4
        } else if id + 3 >= count {
            3
        } else {
            1
        })
    });
    let texts =
        |texts: &[&str]| Value::Array(texts.iter().map(|text| Value::String((*text).to_owned())).collect());
    let own = |name: &str| format!("{architecture}.{name}");
    BTreeMap::from([
        ("general.architecture".to_owned(), Value::String(architecture.to_owned())),
        (own("block_count"), Value::U32(LAYERS as u32)),
        (own("context_length"), Value::U32(CONTEXT)),
        (own("embedding_length"), Value::U32(WIDTH as u32)),
        (own("feed_forward_length"), Value::U32(FEED_FORWARD as u32)),
        (own("attention.head_count"), Value::U32(HEADS as u32)),
        (own("attention.head_count_kv"), Value::U32(KV_HEADS as u32)),
        (own("attention.key_length"), Value::U32(head_size as u32)),
        (own("attention.value_length"), Value::U32(head_size as u32)),
        (own("rope.dimension_count"), Value::U32(head_size as u32)),
        (own("rope.freq_base"), Value::F32(10_000.0)),
        (own("attention.layer_norm_rms_epsilon"), Value::F32(1e-5)),
        ("tokenizer.ggml.model".to_owned(), Value::String("gpt2".to_owned())),
        ("tokenizer.ggml.pre".to_owned(), Value::String("gpt-2".to_owned())),
        ("tokenizer.ggml.merges".to_owned(), texts(&["h e", "l l", "ll o"])),
        ("tokenizer.ggml.token_type".to_owned(), Value::Array(types.collect())),
        ("tokenizer.ggml.bos_token_id".to_owned(), Value::U32(count - 3)),
        ("tokenizer.ggml.eos_token_id".to_owned(), Value::U32(count - 2)),
        ("tokenizer.ggml.tokens".to_owned(), Value::Array(tokens.into_iter().map(Value::String).collect())),
    ])
}
