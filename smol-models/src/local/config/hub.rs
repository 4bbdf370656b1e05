//! Sizes from the `config.json` of a model on the Hub, as `transformers` writes it before and since its version 5.

use super::{
    Config, Experts, Family, Mixer, Rotation, dimension, ends_group,
    family::Pairs,
    parts,
    rotation::{Stretch, long_magnitude},
};
use crate::local::folder::Folder;
use serde_json::Value;
use smol_core::model::ModelError;

const FILE: &str = "config.json";

impl Config {
    /// Reads the sizes of the model in `folder`. Where it is more than a language model, those of its language part.
    pub(crate) fn of_hub(folder: &Folder) -> Result<Self, ModelError> {
        let all = folder.config.get("text_config").unwrap_or(&folder.config);
        let name = [all, &folder.config].into_iter().find_map(|config| config.get("model_type")?.as_str());
        let Some(name) = name else {
            return Err(folder.error(FILE, "`model_type` should be text"));
        };
        let Some(family) = Family::of_hub(name) else {
            return Err(folder.error(FILE, format_args!("its `model_type` is `{name}`, which is not known")));
        };
        let quantised =
            folder.config.get("quantization_config").and_then(|config| config.get("quant_method"));
        if let Some(method) = quantised.and_then(Value::as_str) {
            let what = format!("its weights are quantised by `{method}`, expected F32, F16 or BF16");
            return Err(folder.error(FILE, what));
        }
        let mut config = all.clone();
        for (name, default) in family.defaults {
            config.as_object_mut().map(|fields| fields.entry(*name).or_insert((*default).into()));
        }
        let config = Reader { folder, config, family }.read()?;
        match config.problem() {
            Some(problem) => Err(folder.error(FILE, problem)),
            None => Ok(config),
        }
    }
}

struct Reader<'a> {
    folder: &'a Folder,
    config: Value,
    family: &'static Family,
}

impl Reader<'_> {
    fn read(&self) -> Result<Config, ModelError> {
        let (width, heads) = (self.size("hidden_size")?, self.size("num_attention_heads")?);
        let head_size = self.or("head_dim", |name| self.size(name), width / heads)?;
        let scale_of = self.fraction_or("query_pre_attn_scalar", head_size as f32)?;
        Ok(Config {
            family: self.family,
            rotate_pairs: self.family.pairs == Pairs::Neighbours,
            layers: self.layers()?,
            width,
            feed_forward: self.feed_forward()?,
            heads,
            kv_heads: self.or("num_key_value_heads", |name| self.size(name), heads)?,
            head_size,
            vocabulary: self.size("vocab_size")?,
            context: self.size("max_position_embeddings")?,
            norm_epsilon: match self.value("norm_eps") {
                Some(_) => self.fraction("norm_eps")?,
                None => self.fraction_or("rms_norm_eps", 1e-6)?,
            },
            rotations: self.rotations(head_size)?,
            attention_scale: self.fraction_or("attention_multiplier", scale_of.sqrt().recip())?,
            word_scale: match self.family.scaled_words {
                true => (width as f32).sqrt(),
                false => self.fraction_or("embedding_multiplier", 1.0)?,
            },
            residual_scale: self.fraction_or("residual_multiplier", 1.0)?,
            score_scale: self.fraction_or("logits_scaling", 1.0)?.recip(),
            experts: self.experts()?,
            convolution: self.or("conv_L_cache", |name| self.size(name), 1)?,
            tied: self.flag("tie_word_embeddings") == Some(true),
        })
    }

    /// LFM2 states a size from which its own is computed: two thirds, times a factor, up to a multiple.
    fn feed_forward(&self) -> Result<usize, ModelError> {
        let name =
            if self.value("intermediate_size").is_some() { "intermediate_size" } else { "block_ff_dim" };
        let stated = self.size(name)?;
        if self.family.gguf != "lfm2" || self.flag("block_auto_adjust_ff_dim") == Some(false) {
            return Ok(stated);
        }
        let factor = self.fraction_or("block_ffn_dim_multiplier", 1.0)?;
        let multiple = self.or("block_multiple_of", |name| self.size(name), 256)?;
        let scaled = (factor * (2 * stated / 3) as f32) as usize;
        dimension(scaled.next_multiple_of(multiple)).map_err(|problem| self.error(name, &problem))
    }

    fn layers(&self) -> Result<Vec<Mixer>, ModelError> {
        let name = "num_hidden_layers";
        let count = self.number(name)?;
        let count = parts(count).map_err(|problem| self.error(name, &problem))?;
        (0..count).map(|index| self.layer(index)).collect()
    }

    fn layer(&self, index: usize) -> Result<Mixer, ModelError> {
        let listed = self.listed("layer_types", index).and_then(Value::as_str);
        if listed == Some("conv") || listed.is_none() && self.is_convolution(index) {
            return Ok(Mixer::Convolution);
        }
        let window = self.window()?.filter(|_| match listed {
            Some(kind) => kind == "sliding_attention",
            None => self.is_windowed(index),
        });
        let told = match self.listed("no_rope_layers", index).and_then(Value::as_u64) {
            Some(told) => told != 0,
            None => match self.family.gguf == "smollm3" {
                true => !ends_group(index, self.or("no_rope_layer_interval", |name| self.size(name), 4)?),
                false => true,
            },
        };
        let rotation = usize::from(self.is_gemma() && window.is_some());
        Ok(Mixer::Attention { window, rotation: told.then_some(rotation) })
    }

    /// LFM2's older way to say which layers have attention.
    fn is_convolution(&self, index: usize) -> bool {
        let listed = self.value("full_attn_idxs").and_then(Value::as_array);
        self.family.gguf == "lfm2"
            && listed
                .is_some_and(|list| !list.iter().any(|place| place.as_u64() == u64::try_from(index).ok()))
    }

    fn is_windowed(&self, index: usize) -> bool {
        if self.is_gemma() {
            let group = self.number("sliding_window_pattern").unwrap_or(6);
            return group == 0 || !ends_group(index, group);
        }
        match self.family.gguf {
            // Qwen's first layers heed everything even where its window is in use.
            "qwen2" | "qwen3" | "qwen3moe" => {
                self.number("max_window_layers").is_ok_and(|first| index >= first)
            }
            _ => true,
        }
    }

    fn window(&self) -> Result<Option<usize>, ModelError> {
        let off = match self.family.gguf {
            "qwen2" | "qwen3" | "qwen3moe" | "smollm3" => self.flag("use_sliding_window") != Some(true),
            _ => false,
        };
        let window = self.or("sliding_window", |name| self.number(name), 0)?;
        Ok(Some(window).filter(|window| *window > 0 && !off))
    }

    fn is_gemma(&self) -> bool {
        self.family.gguf == "gemma3"
    }

    fn experts(&self) -> Result<Option<Experts>, ModelError> {
        if !self.family.experts {
            return Ok(None);
        }
        let count = |name: &str| parts(self.number(name)?).map_err(|problem| self.error(name, &problem));
        Ok(Some(Experts {
            count: count("num_experts")?,
            used: count("num_experts_per_tok")?,
            feed_forward: self.size("moe_intermediate_size")?,
            normalised: self.flag("norm_topk_prob") == Some(true),
        }))
    }

    fn rotations(&self, head_size: usize) -> Result<Vec<Rotation>, ModelError> {
        let fields = self.value("rope_parameters").or(self.value("rope_scaling"));
        let fields = fields.cloned().unwrap_or_default();
        let nested = |name: &str| fields.get(name).cloned();
        let main = nested("full_attention").unwrap_or_else(|| fields.clone());
        let mut rotations = vec![self.rotation(head_size, &main, "rope_theta")?];
        if self.is_gemma() {
            let local = nested("sliding_attention").unwrap_or_default();
            rotations.push(self.rotation(head_size, &local, "rope_local_base_freq")?);
        }
        Ok(rotations)
    }

    /// The rotation that `fields` describe; their base may stand in the configuration itself, under `base`.
    fn rotation(&self, head_size: usize, fields: &Value, base: &str) -> Result<Rotation, ModelError> {
        let share = match fields.get("partial_rotary_factor").and_then(Value::as_f64) {
            Some(share) => share as f32,
            None => {
                self.fraction_or("partial_rotary_factor", if self.family.gguf == "glm4" { 0.5 } else { 1.0 })?
            }
        };
        let rotated = (head_size as f32 * share) as usize / 2 * 2;
        let stated = fields.get("rope_theta").and_then(Value::as_f64).map(|base| base as f32);
        let base = stated.map_or_else(|| self.fraction_or(base, 10_000.0), Ok)?;
        Ok(Rotation::new(rotated, base, &self.stretch(fields, rotated / 2)?))
    }

    fn stretch(&self, fields: &Value, pairs: usize) -> Result<Stretch, ModelError> {
        let kind = fields.get("rope_type").or(fields.get("type")).and_then(Value::as_str);
        let context = self.number("max_position_embeddings")? as f32;
        let scaling = Scaling { reader: self, fields };
        Ok(match kind.unwrap_or("default") {
            // The dynamic kind only differs beyond the context, where no request gets.
            "default" | "dynamic" => Stretch::None,
            "linear" => Stretch::Linear(scaling.positive("factor")?),
            "llama3" => Stretch::Llama3 {
                factor: scaling.positive("factor")?,
                low: scaling.positive("low_freq_factor")?,
                high: scaling.positive("high_freq_factor")?,
                original: scaling.positive("original_max_position_embeddings")?,
            },
            "yarn" => Stretch::Yarn {
                factor: scaling.positive("factor")?,
                fast: scaling.number("beta_fast").unwrap_or(32.0),
                slow: scaling.number("beta_slow").unwrap_or(1.0),
                original: scaling.number("original_max_position_embeddings").unwrap_or(context),
                magnitude: scaling.number("attention_factor"),
            },
            "longrope" | "su" => {
                let original = scaling.number("original_max_position_embeddings");
                let original = match original {
                    Some(original) => original as usize,
                    None => self.size("original_max_position_embeddings")?,
                };
                let magnitude = long_magnitude(context / original as f32, original);
                Stretch::Long {
                    short: scaling.factors("short_factor", pairs)?,
                    long: scaling.factors("long_factor", pairs)?,
                    original,
                    magnitude: scaling.number("attention_factor").unwrap_or(magnitude),
                }
            }
            other => {
                return Err(
                    self.error("rope_scaling", &format!("is of the type `{other}`, which is not known"))
                );
            }
        })
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.config.get(name).filter(|value| !value.is_null())
    }

    fn listed(&self, name: &str, index: usize) -> Option<&Value> {
        self.value(name)?.as_array()?.get(index)
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.value(name)?.as_bool()
    }

    fn number(&self, name: &str) -> Result<usize, ModelError> {
        let number = self.value(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| self.error(name, "should be a whole number"))
    }

    fn size(&self, name: &str) -> Result<usize, ModelError> {
        dimension(self.number(name)?).map_err(|problem| self.error(name, &problem))
    }

    fn fraction(&self, name: &str) -> Result<f32, ModelError> {
        let number = self.value(name).and_then(Value::as_f64).map(|number| number as f32);
        number.filter(|number| number.is_finite()).ok_or_else(|| self.error(name, "should be a number"))
    }

    fn fraction_or(&self, name: &str, default: f32) -> Result<f32, ModelError> {
        self.or(name, |name| self.fraction(name), default)
    }

    fn or<T>(
        &self,
        name: &str,
        read: impl Fn(&str) -> Result<T, ModelError>,
        default: T,
    ) -> Result<T, ModelError> {
        if self.value(name).is_some() { read(name) } else { Ok(default) }
    }

    fn error(&self, name: &str, problem: &str) -> ModelError {
        self.folder.error(FILE, format_args!("`{name}` {problem}"))
    }
}

/// The part of a configuration that tells how positions are stretched.
struct Scaling<'a> {
    reader: &'a Reader<'a>,
    fields: &'a Value,
}

impl Scaling<'_> {
    fn number(&self, name: &str) -> Option<f32> {
        self.fields.get(name).and_then(Value::as_f64).map(|number| number as f32)
    }

    fn positive(&self, name: &str) -> Result<f32, ModelError> {
        let number = self.number(name).filter(|number| *number > 0.0);
        number.ok_or_else(|| self.reader.error(name, "should be a number above 0"))
    }

    fn factors(&self, name: &str, count: usize) -> Result<Vec<f32>, ModelError> {
        let list = self.fields.get(name).and_then(Value::as_array);
        let factors = list.map(|list| list.iter().filter_map(Value::as_f64).map(|factor| factor as f32));
        let factors = factors.map(Iterator::collect::<Vec<_>>).filter(|factors| factors.len() == count);
        factors.ok_or_else(|| self.reader.error(name, &format!("should be a list of {count} numbers")))
    }
}
