//! Pictures for models of the LLaVA 1.5 kind: a vision tower whose patches stand in the conversation as if they were words.
//!
//! The language model beside it is an ordinary one. So all that is here is what turns the bytes of a picture into rows of
//! the width of that model's words.

mod pixels;
mod resample;
mod sight;
mod tower;

pub(super) use sight::{Run, Sight};

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use pixels::Preparation;
use serde::Deserialize;
use serde_json::Value;
use tower::{Place, Tower, TowerConfig};

/// What a model of this kind calls itself in `config.json`.
pub(super) const MODEL_TYPE: &str = "llava";

/// What the language model's sizes are where `config.json` is silent, as it is in the files of LLaVA 1.5 7B: Llama's.
pub(super) const LANGUAGE_DEFAULTS: &[(&str, u32)] = &[
    ("hidden_size", 4096),
    ("intermediate_size", 11_008),
    ("num_hidden_layers", 32),
    ("num_attention_heads", 32),
    ("vocab_size", 32_000),
    ("max_position_embeddings", 2048),
];

/// The part of `config.json` that joins tower and language model; what it leaves out is as in LLaVA 1.5.
#[derive(Debug, Deserialize)]
struct Join {
    vision_config: TowerConfig,
    #[serde(alias = "image_token_id")]
    image_token_index: u32,
    #[serde(default = "before_last")]
    vision_feature_layer: i64,
    #[serde(default = "without_whole")]
    vision_feature_select_strategy: String,
    #[serde(default = "gelu")]
    projector_hidden_act: String,
    #[serde(default = "yes")]
    multimodal_projector_bias: bool,
}

fn before_last() -> i64 {
    -2
}

fn without_whole() -> String {
    "default".to_owned()
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn yes() -> bool {
    true
}

/// Loaded eyes.
pub(super) struct Vision {
    /// The token that stands for a picture in a prompt.
    pub(super) token: u32,
    /// How many rows a picture becomes.
    pub(super) patches: usize,
    preparation: Preparation,
    side: usize,
    tower: Tower,
    device: Device,
}

impl Vision {
    /// Loads the eyes that `config` (`config.json`) describes out of `tensors`; `preparation` is `preprocessor_config.json`,
    /// or null. The language model's words have `width` numbers. Else what is wrong.
    pub(super) fn load(
        config: &Value,
        preparation: &Value,
        width: usize,
        tensors: &VarBuilder<'_>,
    ) -> Result<Self, String> {
        let join = Join::deserialize(config).map_err(|cause| cause.to_string())?;
        let depth = join.check()?;
        let Join { vision_config: sizes, multimodal_projector_bias: projector_bias, .. } = join;
        let preparation = match preparation {
            Value::Null => Preparation::of_side(sizes.image_size),
            given => Preparation::deserialize(given).map_err(|cause| cause.to_string())?,
        };
        preparation.check(sizes.image_size)?;
        let (tower, projector) = (place(tensors, TOWERS)?, place(tensors, PROJECTORS)?);
        let place = Place { tower, projector, projector_bias, width };
        Ok(Self {
            token: join.image_token_index,
            patches: sizes.patches(),
            preparation,
            side: sizes.image_size,
            tower: Tower::load(&sizes, depth, &place).map_err(|cause| cause.to_string())?,
            device: tensors.device().clone(),
        })
    }

    /// The rows (patches by width) that the picture in `file`, a PNG or JPEG, becomes. Else what is wrong with it.
    pub(super) fn see(&self, file: &[u8]) -> Result<Tensor, String> {
        let numbers = self.preparation.numbers(file, self.side)?;
        let pixels = Tensor::from_vec(numbers, (1, 3, self.side, self.side), &self.device);
        let seen = pixels.and_then(|pixels| self.tower.forward(&pixels)?.to_dtype(DType::F32));
        seen.map_err(|cause| cause.to_string())
    }
}

impl Join {
    /// How many layers of the tower are looked through; else what does not fit.
    fn check(&self) -> Result<usize, String> {
        let sizes = &self.vision_config;
        let words = [
            ("vision_config.model_type", sizes.model_type.as_str(), "clip_vision_model"),
            ("vision_config.hidden_act", sizes.hidden_act.as_str(), "quick_gelu"),
            ("vision_feature_select_strategy", self.vision_feature_select_strategy.as_str(), "default"),
            ("projector_hidden_act", self.projector_hidden_act.as_str(), "gelu"),
        ];
        if let Some((key, found, expected)) = words.iter().find(|(_, found, expected)| found != expected) {
            return Err(format!("`{key}` is `{found}`, expected `{expected}`"));
        }
        let (heads, size) = (sizes.num_attention_heads, sizes.hidden_size);
        if heads == 0 || !size.is_multiple_of(heads) {
            return Err(format!("{heads} heads of the vision tower do not share {size} numbers evenly"));
        }
        let (side, patch) = (sizes.image_size, sizes.patch_size);
        if patch == 0 || side < patch || side > LARGEST_SIDE {
            return Err(format!("pictures of {side} pixels a side do not make patches of {patch}"));
        }
        // The state before the first layer counts as the first of all.
        let layers = sizes.num_hidden_layers as i64;
        let layer = self.vision_feature_layer;
        let depth = if layer < 0 { layers + 1 + layer } else { layer };
        match usize::try_from(depth) {
            Ok(depth) if depth <= sizes.num_hidden_layers => Ok(depth),
            _ => Err(format!("`vision_feature_layer` is {layer}, but the tower has {layers} layers")),
        }
    }
}

/// Pixels a side of the largest picture that a tower may read.
const LARGEST_SIDE: usize = 4096;

/// What stands before the tower's tensors, and the last part of a name that proves it; by age of the file.
const TOWERS: (&str, &[&str]) = (
    "embeddings.class_embedding",
    &["vision_tower.vision_model", "vision_tower", "model.vision_tower.vision_model", "model.vision_tower"],
);
const PROJECTORS: (&str, &[&str]) =
    ("linear_1.weight", &["multi_modal_projector", "model.multi_modal_projector"]);

/// Whether the tensor `name` belongs to the eyes.
pub(super) fn is_part(name: &str) -> bool {
    let prefixes = TOWERS.1.iter().chain(PROJECTORS.1);
    prefixes.copied().any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')))
}

fn place<'a>(tensors: &VarBuilder<'a>, (proof, prefixes): (&str, &[&str])) -> Result<VarBuilder<'a>, String> {
    let found = prefixes.iter().find(|prefix| tensors.contains_tensor(&format!("{prefix}.{proof}")));
    let usual = prefixes.first().copied().unwrap_or_default();
    found.map(|prefix| tensors.pp(prefix)).ok_or_else(|| format!("the tensor `{usual}.{proof}` is missing"))
}
