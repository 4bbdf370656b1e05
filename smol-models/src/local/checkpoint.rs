//! A model on disk, whatever its format: its header, its sizes, and its tensors under one set of names.
//!
//! Parts are asked for by the names that GGUF files use within a layer, such as `attn_q`; a table turns them into the
//! Hub's. Some models hold several parts as one matrix, which is read in pieces here, so that nothing further on knows.

use super::{
    config::Config,
    folder::{self, Folder, Found},
    gguf::{Gguf, computing},
    memory,
    options::Placement,
    safetensors,
    tensors::{Place, Rows, Tensors},
    vision::{self, Vision},
};
use candle_core::quantized::GgmlDType;
use candle_nn::VarBuilder;
use serde_json::Value;
use smol_core::model::ModelError;
use std::{collections::HashMap, path::Path};

/// The Hub's names for parts of a layer, and of the whole model, in most families.
const HUB_NAMES: &[(&str, &str)] = &[
    ("attn_norm", "input_layernorm"),
    ("attn_q", "self_attn.q_proj"),
    ("attn_k", "self_attn.k_proj"),
    ("attn_v", "self_attn.v_proj"),
    ("attn_qkv", "self_attn.qkv_proj"),
    ("attn_q_norm", "self_attn.q_norm"),
    ("attn_k_norm", "self_attn.k_norm"),
    ("attn_output", "self_attn.o_proj"),
    ("ffn_norm", "post_attention_layernorm"),
    ("ffn_gate", "mlp.gate_proj"),
    ("ffn_up", "mlp.up_proj"),
    ("ffn_gate_up", "mlp.gate_up_proj"),
    ("ffn_down", "mlp.down_proj"),
    ("ffn_gate_inp", "mlp.gate"),
    ("shortconv.conv", "conv.conv"),
    ("shortconv.in_proj", "conv.in_proj"),
    ("shortconv.out_proj", "conv.out_proj"),
    ("token_embd", "embed_tokens"),
    ("output_norm", "norm"),
];

/// An open model.
pub(super) struct Checkpoint {
    pub(super) header: Header,
    pub(super) config: Config,
    tensors: Tensors,
    /// What stands before the names of the language model's parts.
    prefix: String,
}

/// What a model says of itself.
pub(super) enum Header {
    Gguf(Gguf),
    Hub(Box<Folder>),
}

impl Header {
    /// The source of the chat template, where the model has one.
    pub(super) fn chat_template(&self) -> Result<Option<String>, ModelError> {
        match self {
            Self::Gguf(file) => {
                let key = "tokenizer.chat_template";
                file.value(key).map(|_| file.string(key).map(str::to_owned)).transpose()
            }
            Self::Hub(folder) => folder.chat_template(),
        }
    }

    /// A problem with the model as a whole.
    pub(super) fn error(&self, what: impl std::fmt::Display) -> ModelError {
        match self {
            Self::Gguf(file) => file.error(what),
            Self::Hub(folder) => folder.error("", what),
        }
    }
}

/// A matrix to read: rows `first` and on of those stored.
pub(super) struct Wanted<'a> {
    pub(super) layer: usize,
    pub(super) part: &'a str,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Where the part is if it has no matrix of its own: that one's name, the part's first row in it, and all its rows.
    pub(super) fused: Option<(&'a str, usize, usize)>,
}

impl Checkpoint {
    /// Opens the model at `path`: headers only.
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        match folder::find(path)? {
            Found::Gguf(path) => {
                let (header, tensors) = Gguf::open(&path)?;
                let config = Config::of_gguf(&header, &tensors)?;
                Ok(Self { header: Header::Gguf(header), config, tensors, prefix: String::new() })
            }
            Found::Hub(folder) => {
                let config = Config::of_hub(&folder)?;
                let tensors = safetensors::open(folder.weights.clone())?;
                let prefix = prefix(&tensors);
                Ok(Self { header: Header::Hub(folder), config, tensors, prefix })
            }
        }
    }

    /// A decoder of the llama family with random weights: see [`noise`](super::noise).
    pub(super) fn noise(config: Value, kind: GgmlDType) -> Result<Self, ModelError> {
        let header = Folder::of_config(config);
        let config = Config::of_hub(&header)?;
        let tensors = Tensors::noise(noise_places(&config, kind));
        Ok(Self { header: Header::Hub(Box::new(header)), config, tensors, prefix: "model.".to_owned() })
    }

    /// An error where there is not enough memory for the model, which is at `path`.
    pub(super) fn check_memory(&self, path: &Path, placement: &Placement) -> Result<(), ModelError> {
        memory::check(path, &self.tensors, placement)
    }

    /// How many numbers the tensors hold together.
    pub(super) fn parameter_count(&self) -> usize {
        let counts = self.tensors.places().map(|place| place.dims.iter().product::<usize>());
        counts.fold(0, usize::saturating_add)
    }

    /// The words' matrix (`token_embd`) or that of the output (`output`), if there is one of its own.
    pub(super) fn words(&self, part: &str) -> Result<Option<Rows>, ModelError> {
        let name = match (&self.header, part) {
            (Header::Hub(_), "output") => self.tensors.names().find(|name| name.ends_with("lm_head.weight")),
            _ => None,
        };
        let name = name.map_or_else(|| self.whole_name(part), str::to_owned);
        if part == "output" && (self.config.tied || self.tensors.dims(&name).is_none()) {
            return Ok(None);
        }
        let (rows, columns) = (self.config.vocabulary, self.config.width);
        self.tensors.rows(&name, (rows, columns), 0..rows).map(Some)
    }

    /// The eyes of the model, if it has some.
    pub(super) fn vision(&self, placement: &Placement) -> Result<Option<Vision>, ModelError> {
        let Header::Hub(folder) = &self.header else { return Ok(None) };
        if folder.config.get("model_type").and_then(Value::as_str) != Some(vision::MODEL_TYPE) {
            return Ok(None);
        }
        let mut tensors = HashMap::new();
        for name in self.tensors.names().filter(|name| vision::is_part(name)) {
            let tensor = self.tensors.whole(name, &placement.device)?;
            tensors.insert(name.to_owned(), tensor.to_dtype(placement.work).map_err(computing)?);
        }
        let tensors = VarBuilder::from_tensors(tensors, placement.work, &placement.device);
        let preparation = folder.preparation()?;
        let loaded = Vision::load(&folder.config, &preparation, self.config.width, &tensors);
        loaded.map(Some).map_err(|problem| folder.error("config.json", problem))
    }

    /// How the words are stored, and with them most of the rest.
    pub(super) fn words_kind(&self) -> GgmlDType {
        self.tensors.kind(&self.whole_name("token_embd")).unwrap_or(GgmlDType::F32)
    }

    /// The weights of the norm after the last layer.
    pub(super) fn last_norm(&self) -> Result<Vec<f32>, ModelError> {
        let name = self.whole_name("output_norm");
        // LFM2's files name it after the words, whose output it norms.
        let name = if self.tensors.dims(&name).is_some() {
            name
        } else {
            self.whole_name_or("token_embd_norm", name)
        };
        self.norm_under(&name, self.config.width)
    }

    /// The matrix of one part of a layer.
    pub(super) fn matrix(&self, wanted: &Wanted<'_>) -> Result<Rows, ModelError> {
        let Wanted { layer, part, rows, columns, fused } = *wanted;
        let own = self.name(layer, part, "weight");
        let whole =
            self.tensors.dims(&own).is_some_and(|dims| dims.iter().product::<usize>() == rows * columns);
        if let Some((fused, first, total)) = fused.filter(|_| !whole) {
            let name = self.name(layer, fused, "weight");
            if self.tensors.dims(&name).is_some() {
                return self.tensors.rows(&name, (total, columns), first..first + rows);
            }
        }
        self.tensors.rows(&own, (rows, columns), 0..rows)
    }

    /// The matrix of one of `count` experts: `part` is `gate`, `up` or `down`.
    pub(super) fn expert(
        &self,
        layer: usize,
        part: &str,
        (expert, count): (usize, usize),
        (rows, columns): (usize, usize),
    ) -> Result<Rows, ModelError> {
        match &self.header {
            Header::Gguf(_) => {
                let name = self.name(layer, &format!("ffn_{part}_exps"), "weight");
                self.tensors.rows(&name, (count * rows, columns), expert * rows..(expert + 1) * rows)
            }
            Header::Hub(_) => {
                let name = format!("{}layers.{layer}.mlp.experts.{expert}.{part}_proj.weight", self.prefix);
                self.tensors.rows(&name, (rows, columns), 0..rows)
            }
        }
    }

    /// Whether the layer has weights for `part`.
    pub(super) fn has(&self, layer: usize, part: &str) -> bool {
        self.tensors.dims(&self.name(layer, part, "weight")).is_some()
    }

    /// The weights of a norm in a layer.
    pub(super) fn norm(&self, layer: usize, part: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        self.norm_under(&self.name(layer, part, "weight"), length)
    }

    /// The bias of a part, which must be there if the family always has one.
    pub(super) fn bias(
        &self,
        layer: usize,
        part: &str,
        length: usize,
    ) -> Result<Option<Vec<f32>>, ModelError> {
        let name = self.name(layer, part, "bias");
        let required = self.config.family.attention_bias && part != "attn_output";
        match required || self.tensors.dims(&name).is_some() {
            true => self.tensors.numbers(&name, length).map(Some),
            false => Ok(None),
        }
    }

    /// Other numbers of a layer, in whatever shape.
    pub(super) fn numbers(&self, layer: usize, part: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        self.tensors.numbers(&self.name(layer, part, "weight"), length)
    }

    fn norm_under(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        let mut weights = self.tensors.numbers(name, length)?;
        if self.config.family.centred_norms && matches!(self.header, Header::Hub(_)) {
            weights.iter_mut().for_each(|weight| *weight += 1.0);
        }
        Ok(weights)
    }

    fn name(&self, layer: usize, part: &str, kind: &str) -> String {
        match self.header {
            Header::Gguf(_) => format!("blk.{layer}.{}.{kind}", gguf_name(part)),
            Header::Hub(_) => format!("{}layers.{layer}.{}.{kind}", self.prefix, self.hub_name(part)),
        }
    }

    fn whole_name(&self, part: &str) -> String {
        match self.header {
            Header::Gguf(_) => format!("{part}.weight"),
            Header::Hub(_) => format!("{}{}.weight", self.prefix, self.hub_name(part)),
        }
    }

    fn whole_name_or(&self, part: &str, other: String) -> String {
        let name = self.whole_name(part);
        if self.tensors.dims(&name).is_some() { name } else { other }
    }

    fn hub_name<'a>(&self, part: &'a str) -> &'a str {
        let names = self.config.family.names.iter().chain(HUB_NAMES);
        names.copied().find(|(name, _)| *name == part).map_or(part, |(_, name)| name)
    }
}

/// GGUF files hold gate and values of a feed-forward part in one matrix under the name of the values'.
fn gguf_name(part: &str) -> &str {
    if part == "ffn_gate_up" { "ffn_up" } else { part }
}

/// A language model alone calls its words `model.embed_tokens`; one that is part of more has further names before that.
fn prefix(tensors: &Tensors) -> String {
    let found = tensors.names().find_map(|name| name.strip_suffix("embed_tokens.weight"));
    found.unwrap_or("model.").to_owned()
}

/// What a decoder of the llama family consists of: the shape of each tensor, by its name on the Hub.
fn noise_places(config: &Config, kind: GgmlDType) -> HashMap<String, Place> {
    let Config { width, feed_forward, vocabulary, .. } = *config;
    let (queries, keys) = (config.heads * config.head_size, config.kv_heads * config.head_size);
    let parts: [(&str, &[usize]); 9] = [
        ("input_layernorm", &[width]),
        ("post_attention_layernorm", &[width]),
        ("self_attn.q_proj", &[queries, width]),
        ("self_attn.k_proj", &[keys, width]),
        ("self_attn.v_proj", &[keys, width]),
        ("self_attn.o_proj", &[width, queries]),
        ("mlp.gate_proj", &[feed_forward, width]),
        ("mlp.up_proj", &[feed_forward, width]),
        ("mlp.down_proj", &[width, feed_forward]),
    ];
    let layers = (0..config.layers.len()).flat_map(|layer| {
        parts.iter().map(move |(part, dims)| (format!("model.layers.{layer}.{part}.weight"), *dims))
    });
    let words = [vocabulary, width];
    let whole: [(&str, &[usize]); 3] =
        [("model.embed_tokens.weight", &words), ("lm_head.weight", &words), ("model.norm.weight", &[width])];
    let whole = whole.iter().map(|(name, dims)| ((*name).to_owned(), *dims));
    let place = |(name, dims): (String, &[usize])| {
        let kind = if dims.len() == 1 { GgmlDType::F32 } else { kind };
        (name, Place { file: 0, start: 0, kind, dims: dims.to_vec() })
    };
    layers.chain(whole).map(place).collect()
}
