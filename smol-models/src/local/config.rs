//! The shape of a decoder, read from a GGUF header and checked before any memory is taken for it.

use super::{attention::LANES, gguf::Gguf};
use smol_core::model::ModelError;

/// No dimension of a model that runs on one machine is larger; a header that says otherwise is damaged or hostile.
const LARGEST_DIMENSION: usize = 1 << 24;

/// What sets one family of decoders apart from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family {
    /// Positions turn neighbouring pairs of a head's numbers (llama), not its two halves (qwen).
    pub(super) rotate_pairs: bool,
    /// Queries, keys and values have a bias.
    pub(super) attention_bias: bool,
    /// Each head's queries and keys are normalised.
    pub(super) head_norm: bool,
}

impl Family {
    fn of(architecture: &str) -> Option<Self> {
        let (rotate_pairs, attention_bias, head_norm) = match architecture {
            "llama" => (true, false, false),
            "qwen2" => (false, true, false),
            "qwen3" => (false, false, true),
            _ => return None,
        };
        Some(Self { rotate_pairs, attention_bias, head_norm })
    }
}

/// Sizes and constants of a decoder.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) family: Family,
    pub(super) layers: usize,
    /// Numbers that stand for one token between layers.
    pub(super) width: usize,
    pub(super) feed_forward: usize,
    pub(super) heads: usize,
    /// Heads of keys and values, each shared by `heads / kv_heads` heads of queries.
    pub(super) kv_heads: usize,
    pub(super) head_size: usize,
    pub(super) vocabulary: usize,
    /// Tokens the model was trained to see at once.
    pub(super) context: usize,
    pub(super) norm_epsilon: f32,
    pub(super) rope_base: f32,
    /// Positions are divided by this.
    pub(super) rope_scale: f32,
}

impl Config {
    /// Reads the sizes of the model in `file`.
    pub(super) fn read(file: &Gguf) -> Result<Self, ModelError> {
        let Some(family) = Family::of(file.architecture()) else {
            let found = file.architecture();
            return Err(
                file.error(format_args!("its architecture is `{found}`, expected llama, qwen2 or qwen3"))
            );
        };
        if file.value(&file.own_key("expert_count")).is_some() {
            return Err(file.error("it is a mixture of experts, which is not supported"));
        }
        let size = |name: &str| size_under(file, &file.own_key(name));
        let (width, heads) = (size("embedding_length")?, size("attention.head_count")?);
        let config = Self {
            family,
            layers: size("block_count")?,
            width,
            feed_forward: size("feed_forward_length")?,
            heads,
            kv_heads: or_default(file, "attention.head_count_kv", size, heads)?,
            head_size: or_default(file, "attention.key_length", size, width / heads)?,
            vocabulary: file.strings("tokenizer.ggml.tokens")?.len(),
            context: size("context_length")?,
            norm_epsilon: file.fraction(&file.own_key("attention.layer_norm_rms_epsilon"))?,
            rope_base: or_default(
                file,
                "rope.freq_base",
                |name| file.fraction(&file.own_key(name)),
                10_000.0,
            )?,
            rope_scale: rope_scale(file)?,
        };
        config.check(file)
    }

    fn check(self, file: &Gguf) -> Result<Self, ModelError> {
        if !self.heads.is_multiple_of(self.kv_heads) {
            let what = format!("{} heads do not share {} heads of keys evenly", self.heads, self.kv_heads);
            return Err(file.error(what));
        }
        if !self.head_size.is_multiple_of(LANES) {
            let what = format!("its heads have the size {}, expected a multiple of {LANES}", self.head_size);
            return Err(file.error(what));
        }
        let rotated = file.own_key("rope.dimension_count");
        if file.value(&rotated).is_some() && file.number(&rotated)? != self.head_size {
            return Err(file.error(format_args!("`{rotated}` differs from the head size {}", self.head_size)));
        }
        Ok(self)
    }
}

fn size_under(file: &Gguf, key: &str) -> Result<usize, ModelError> {
    match file.number(key)? {
        size @ 1..=LARGEST_DIMENSION => Ok(size),
        size => Err(file.error(format_args!("`{key}` is {size}, expected 1 to {LARGEST_DIMENSION}"))),
    }
}

fn or_default<T>(
    file: &Gguf,
    name: &str,
    read: impl Fn(&str) -> Result<T, ModelError>,
    default: T,
) -> Result<T, ModelError> {
    if file.value(&file.own_key(name)).is_some() { read(name) } else { Ok(default) }
}

fn rope_scale(file: &Gguf) -> Result<f32, ModelError> {
    let kind = file.own_key("rope.scaling.type");
    match file.value(&kind).map(|_| file.string(&kind)).transpose()? {
        None | Some("none") => Ok(1.0),
        Some("linear") => file.fraction(&file.own_key("rope.scaling.factor")),
        Some(other) => Err(file.error(format_args!("`{kind}` is `{other}`, expected `none` or `linear`"))),
    }
}
