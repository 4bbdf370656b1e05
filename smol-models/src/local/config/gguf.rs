//! Sizes from the header of a GGUF file.

use super::{Config, Experts, Family, Mixer, Rotation, dimension, ends_group, parts, rotation::Stretch};
use crate::local::{config::family::Pairs, gguf::Gguf, tensors::Tensors};
use candle_core::quantized::gguf_file::Value;
use smol_core::model::ModelError;

/// Every so many layers, Gemma 3 heeds all tokens; its files do not say so.
const GEMMA3_GROUP: usize = 6;
/// The base of Gemma 3's other layers, where a file does not say.
const GEMMA3_LOCAL_BASE: f32 = 10_000.0;
/// SmolLM3's every so many layers are told no positions.
const SMOLLM3_GROUP: usize = 4;
/// Of Gemma 3's sizes only the largest, known by its layers, divides attention by another root than that of a head.
const GEMMA3_LARGEST: usize = 62;

impl Config {
    /// Reads the sizes of the model in `file`.
    pub(crate) fn of_gguf(file: &Gguf, tensors: &Tensors) -> Result<Self, ModelError> {
        let Some(family) = Family::of_gguf(file.architecture()) else {
            let found = file.architecture();
            return Err(file.error(format_args!("its architecture is `{found}`, which is not known")));
        };
        let config = Reader { file, tensors, family }.read()?;
        match config.problem() {
            Some(problem) => Err(file.error(problem)),
            None => Ok(config),
        }
    }
}

struct Reader<'a> {
    file: &'a Gguf,
    tensors: &'a Tensors,
    family: &'static Family,
}

impl Reader<'_> {
    fn read(&self) -> Result<Config, ModelError> {
        let (width, heads) = (self.size("embedding_length")?, self.size("attention.head_count")?);
        let count = self.checked("block_count", parts)?;
        let head_size = self.or("attention.key_length", |name| self.size(name), width / heads)?;
        let gemma = self.family.gguf == "gemma3";
        let scale_of = if gemma && count == GEMMA3_LARGEST { width / heads } else { head_size };
        Ok(Config {
            family: self.family,
            rotate_pairs: self.family.pairs != Pairs::Halves,
            layers: self.layers(count)?,
            width,
            feed_forward: self.size("feed_forward_length")?,
            heads,
            kv_heads: self.kv_heads(heads)?,
            head_size,
            vocabulary: self.file.strings("tokenizer.ggml.tokens")?.len(),
            context: self.size("context_length")?,
            norm_epsilon: self.fraction("attention.layer_norm_rms_epsilon")?,
            rotations: self.rotations(head_size)?,
            attention_scale: self.fraction_or("attention.scale", (scale_of as f32).sqrt().recip())?,
            word_scale: match self.family.scaled_words {
                true => (width as f32).sqrt(),
                false => self.fraction_or("embedding_scale", 1.0)?,
            },
            residual_scale: self.fraction_or("residual_scale", 1.0)?,
            score_scale: self.fraction_or("logit_scale", 1.0)?.recip(),
            experts: self.experts()?,
            convolution: self.or("shortconv.l_cache", |name| self.size(name), 1)?,
            tied: false,
        })
    }

    fn layers(&self, count: usize) -> Result<Vec<Mixer>, ModelError> {
        let window = self.or("attention.sliding_window", |name| self.number(name), 0)?;
        let window = Some(window).filter(|window| *window > 0);
        Ok((0..count)
            .map(|index| match self.family.gguf {
                "gemma3" if ends_group(index, GEMMA3_GROUP) => {
                    Mixer::Attention { window: None, rotation: Some(0) }
                }
                "gemma3" => Mixer::Attention { window, rotation: Some(1) },
                "smollm3" if ends_group(index, SMOLLM3_GROUP) => Mixer::Attention { window, rotation: None },
                "lfm2" if self.tensors.dims(&format!("blk.{index}.shortconv.conv.weight")).is_some() => {
                    Mixer::Convolution
                }
                _ => Mixer::Attention { window, rotation: Some(0) },
            })
            .collect())
    }

    /// A number for all layers, or one for each, 0 where a layer has no attention.
    fn kv_heads(&self, heads: usize) -> Result<usize, ModelError> {
        let name = "attention.head_count_kv";
        let key = self.file.own_key(name);
        if let Some(Value::Array(counts)) = self.file.value(&key) {
            let counts =
                counts.iter().filter_map(super::super::gguf::whole_number).filter(|count| *count > 0);
            let mut counts = counts.collect::<Vec<_>>();
            counts.dedup();
            return match counts.as_slice() {
                [count] => Ok(*count),
                _ => Err(self.file.error(format_args!("`{key}` should be the same number for all layers"))),
            };
        }
        self.or(name, |name| self.size(name), heads)
    }

    fn experts(&self) -> Result<Option<Experts>, ModelError> {
        let count = self.or("expert_count", |name| self.number(name), 0)?;
        if count == 0 {
            return Ok(None);
        }
        if !self.family.experts {
            return Err(self.file.error("it is a mixture of experts, which this family is not known to be"));
        }
        Ok(Some(Experts {
            count: self.checked("expert_count", parts)?,
            used: self.checked("expert_used_count", parts)?,
            feed_forward: self.size("expert_feed_forward_length")?,
            normalised: true,
        }))
    }

    fn rotations(&self, head_size: usize) -> Result<Vec<Rotation>, ModelError> {
        let rotated = self.or("rope.dimension_count", |name| self.size(name), head_size)?;
        let base = self.fraction_or("rope.freq_base", 10_000.0)?;
        let mut rotations = vec![Rotation::new(rotated, base, &self.stretch(rotated / 2)?)];
        if self.family.gguf == "gemma3" {
            let base = self.fraction_or("rope.freq_base_swa", GEMMA3_LOCAL_BASE)?;
            rotations.push(Rotation::new(rotated, base, &Stretch::None));
        }
        Ok(rotations)
    }

    fn stretch(&self, pairs: usize) -> Result<Stretch, ModelError> {
        let factors = |name| self.tensors.numbers(name, pairs);
        if self.tensors.dims("rope_freqs.weight").is_some() {
            return Ok(Stretch::Factors(factors("rope_freqs.weight")?));
        }
        let original = || self.size("rope.scaling.original_context_length");
        if self.tensors.dims("rope_factors_long.weight").is_some() {
            let original = original()?;
            let times = self.size("context_length")? as f32 / original as f32;
            let magnitude = super::rotation::long_magnitude(times, original);
            return Ok(Stretch::Long {
                short: factors("rope_factors_short.weight")?,
                long: factors("rope_factors_long.weight")?,
                original,
                magnitude: self.fraction_or("rope.scaling.attn_factor", magnitude)?,
            });
        }
        let key = self.file.own_key("rope.scaling.type");
        match self.file.value(&key).map(|_| self.file.string(&key)).transpose()? {
            None | Some("none") => Ok(Stretch::None),
            Some("linear") => Ok(Stretch::Linear(self.positive("rope.scaling.factor")?)),
            Some("yarn") => Ok(Stretch::Yarn {
                factor: self.positive("rope.scaling.factor")?,
                fast: self.fraction_or("rope.scaling.yarn_beta_fast", 32.0)?,
                slow: self.fraction_or("rope.scaling.yarn_beta_slow", 1.0)?,
                original: original()? as f32,
                magnitude: None,
            }),
            Some(other) => Err(self.file.error(format_args!(
                "`{key}` is `{other}`, expected `none`, `linear`, `yarn` or factors of its own"
            ))),
        }
    }

    fn number(&self, name: &str) -> Result<usize, ModelError> {
        self.file.number(&self.file.own_key(name))
    }

    fn size(&self, name: &str) -> Result<usize, ModelError> {
        self.checked(name, dimension)
    }

    fn checked(
        &self,
        name: &str,
        check: impl Fn(usize) -> Result<usize, String>,
    ) -> Result<usize, ModelError> {
        let key = self.file.own_key(name);
        check(self.file.number(&key)?).map_err(|problem| self.file.error(format_args!("`{key}` {problem}")))
    }

    fn fraction(&self, name: &str) -> Result<f32, ModelError> {
        self.file.fraction(&self.file.own_key(name))
    }

    fn fraction_or(&self, name: &str, default: f32) -> Result<f32, ModelError> {
        self.or(name, |name| self.fraction(name), default)
    }

    /// A factor to divide by.
    fn positive(&self, name: &str) -> Result<f32, ModelError> {
        let found = self.fraction(name)?;
        let key = self.file.own_key(name);
        match found > 0.0 {
            true => Ok(found),
            false => Err(self.file.error(format_args!("`{key}` is {found}, expected more than 0"))),
        }
    }

    fn or<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Result<T, ModelError>,
        default: T,
    ) -> Result<T, ModelError> {
        if self.file.value(&self.file.own_key(name)).is_some() { read(name) } else { Ok(default) }
    }
}
