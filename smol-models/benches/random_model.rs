//! A model of 0.6 billion random weights, quantised as a Q4_K_M file is: speed does not depend on what a model knows.

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QStorage, QTensor,
        gguf_file::{self, Content, Value},
    },
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    borrow::Cow,
    collections::HashMap,
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::Path,
};

const WIDTH: usize = 1536;
const FEED_FORWARD: usize = 4096;
const LAYERS: usize = 22;
const HEADS: usize = 24;
const KV_HEADS: usize = 8;
const HEAD_SIZE: usize = 64;
/// Weights that are really drawn for each kind of tensor; larger ones repeat them.
const DRAWN: usize = 1 << 20;

/// Writes the model to `target`, with the tokens and template of the GGUF file `source`.
pub fn write(source: &Path, target: &Path) -> anyhow::Result<()> {
    let mut metadata = Content::read(&mut BufReader::new(File::open(source)?))?.metadata;
    let vocabulary = metadata.get("tokenizer.ggml.tokens").map(|tokens| tokens.to_vec().map(Vec::len));
    let vocabulary = vocabulary.transpose()?.unwrap_or_default();
    set_sizes(&mut metadata)?;
    let tensors = tensors(vocabulary)?;
    let metadata = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>();
    let tensors = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect::<Vec<_>>();
    let unfinished = target.with_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished)?);
    gguf_file::write(&mut file, &metadata, &tensors)?;
    file.flush()?;
    Ok(std::fs::rename(unfinished, target)?)
}

fn set_sizes(metadata: &mut HashMap<String, Value>) -> anyhow::Result<()> {
    let sizes = [
        ("block_count", LAYERS),
        ("embedding_length", WIDTH),
        ("feed_forward_length", FEED_FORWARD),
        ("attention.head_count", HEADS),
        ("attention.head_count_kv", KV_HEADS),
        ("rope.dimension_count", HEAD_SIZE),
    ];
    for (name, size) in sizes {
        metadata.insert(format!("llama.{name}"), Value::U32(u32::try_from(size)?));
    }
    // 15 stands for Q4_K_M.
    metadata.insert("general.file_type".to_owned(), Value::U32(15));
    Ok(())
}

fn tensors(vocabulary: usize) -> anyhow::Result<Vec<(String, QTensor)>> {
    let four = Source::new(GgmlDType::Q4K)?;
    let six = Source::new(GgmlDType::Q6K)?;
    let mut tensors = vec![
        ("token_embd.weight".to_owned(), six.matrix(vocabulary, WIDTH)?),
        ("output_norm.weight".to_owned(), ones()?),
    ];
    for layer in 0..LAYERS {
        // Half of the values and of the narrowing matrices get six bits: the first and last eighth, and each third between.
        let eighth = LAYERS / 8;
        let precise = layer < eighth || layer >= 7 * LAYERS / 8 || (layer - eighth) % 3 == 2;
        let mixed = if precise { &six } else { &four };
        let parts = [
            ("attn_q", &four, HEADS * HEAD_SIZE, WIDTH),
            ("attn_k", &four, KV_HEADS * HEAD_SIZE, WIDTH),
            ("attn_v", mixed, KV_HEADS * HEAD_SIZE, WIDTH),
            ("attn_output", &four, WIDTH, HEADS * HEAD_SIZE),
            ("ffn_gate", &four, FEED_FORWARD, WIDTH),
            ("ffn_up", &four, FEED_FORWARD, WIDTH),
            ("ffn_down", mixed, WIDTH, FEED_FORWARD),
        ];
        for (part, source, rows, columns) in parts {
            tensors.push((format!("blk.{layer}.{part}.weight"), source.matrix(rows, columns)?));
        }
        for part in ["attn_norm", "ffn_norm"] {
            tensors.push((format!("blk.{layer}.{part}.weight"), ones()?));
        }
    }
    Ok(tensors)
}

fn ones() -> anyhow::Result<QTensor> {
    Ok(QTensor::quantize(&Tensor::ones(WIDTH, candle_core::DType::F32, &Device::Cpu)?, GgmlDType::F32)?)
}

/// Quantised noise.
struct Source {
    kind: GgmlDType,
    bytes: Vec<u8>,
}

impl Source {
    fn new(kind: GgmlDType) -> anyhow::Result<Self> {
        let mut random = StdRng::seed_from_u64(1);
        let values = (0..DRAWN).map(|_| random.random_range(-0.04f32..0.04)).collect::<Vec<_>>();
        let tensor = QTensor::quantize(&Tensor::from_vec(values, DRAWN, &Device::Cpu)?, kind)?;
        Ok(Self { kind, bytes: tensor.data()?.into_owned() })
    }

    fn matrix(&self, rows: usize, columns: usize) -> anyhow::Result<QTensor> {
        let length = rows * columns / self.kind.block_size() * self.kind.type_size();
        let bytes = self.bytes.iter().copied().cycle().take(length).collect::<Vec<_>>();
        let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, self.kind)?;
        Ok(QTensor::new(storage, (rows, columns))?)
    }
}
