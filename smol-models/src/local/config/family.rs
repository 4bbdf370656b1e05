//! What sets one family of decoders apart from another: one row each.
//!
//! Sizes and constants come from a model's own header. Here stands only what headers leave unsaid, because each family's
//! reference implementation has it in its code.

/// Whether positions turn neighbouring pairs of a head's numbers, or the first half against the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// First half against second.
    Halves,
    /// Neighbours.
    Neighbours,
    /// Halves, but GGUF files hold queries and keys reordered, such that neighbours turn.
    NeighboursInGguf,
}

/// A family's switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Family {
    /// Values of `model_type` in `config.json`.
    pub(crate) hub: &'static [&'static str],
    /// Values of `general.architecture` in GGUF files.
    pub(crate) gguf: &'static str,
    pub(crate) pairs: Pairs,
    /// Queries, keys and values must have a bias. Elsewhere they may.
    pub(crate) attention_bias: bool,
    /// Each head's queries and keys are normalised.
    pub(crate) head_norm: bool,
    /// What attention and feed-forward give is normalised, too.
    pub(crate) post_norms: bool,
    /// Norms on the Hub are stored less one.
    pub(crate) centred_norms: bool,
    /// The gate opens by GELU, not by SiLU.
    pub(crate) gelu: bool,
    /// Words are scaled by the root of the width.
    pub(crate) scaled_words: bool,
    /// Feed-forward parts may be mixtures of experts.
    pub(crate) experts: bool,
    /// What `config.json` means where it is silent, as the class that reads it in `transformers` says.
    pub(crate) defaults: &'static [(&'static str, u32)],
    /// The Hub's names for parts, where they differ from most families'.
    pub(crate) names: &'static [(&'static str, &'static str)],
}

const PLAIN: Family = Family {
    hub: &["llama", "mistral"],
    gguf: "llama",
    pairs: Pairs::NeighboursInGguf,
    attention_bias: false,
    head_norm: false,
    post_norms: false,
    centred_norms: false,
    gelu: false,
    scaled_words: false,
    experts: false,
    defaults: &[],
    names: &[],
};

const QWEN3: Family =
    Family { hub: &["qwen3"], gguf: "qwen3", pairs: Pairs::Halves, head_norm: true, ..PLAIN };

const GEMMA3_DEFAULTS: &[(&str, u32)] = &[
    ("head_dim", 256),
    ("max_position_embeddings", 131_072),
    ("num_attention_heads", 8),
    ("num_key_value_heads", 4),
    ("query_pre_attn_scalar", 256),
    ("rope_theta", 1_000_000),
    ("sliding_window", 4096),
    ("vocab_size", 262_208),
];

/// All families that run.
pub(crate) const FAMILIES: [Family; 10] = [
    PLAIN,
    Family { hub: &["qwen2"], gguf: "qwen2", pairs: Pairs::Halves, attention_bias: true, ..PLAIN },
    QWEN3,
    Family { hub: &["qwen3_moe"], gguf: "qwen3moe", experts: true, ..QWEN3 },
    Family {
        hub: &["gemma3_text", "gemma3"],
        gguf: "gemma3",
        post_norms: true,
        centred_norms: true,
        gelu: true,
        scaled_words: true,
        defaults: GEMMA3_DEFAULTS,
        names: &[
            ("ffn_norm", "pre_feedforward_layernorm"),
            ("post_attention_norm", "post_attention_layernorm"),
            ("post_ffw_norm", "post_feedforward_layernorm"),
        ],
        ..QWEN3
    },
    Family { hub: &["phi3"], gguf: "phi3", pairs: Pairs::Halves, ..PLAIN },
    Family { hub: &["smollm3"], gguf: "smollm3", ..PLAIN },
    Family {
        hub: &["glm4"],
        gguf: "glm4",
        pairs: Pairs::Neighbours,
        post_norms: true,
        names: &[
            ("post_attention_norm", "post_self_attn_layernorm"),
            ("post_ffw_norm", "post_mlp_layernorm"),
        ],
        ..PLAIN
    },
    Family {
        hub: &["lfm2"],
        gguf: "lfm2",
        names: &[
            ("attn_norm", "operator_norm"),
            ("attn_output", "self_attn.out_proj"),
            ("attn_q_norm", "self_attn.q_layernorm"),
            ("attn_k_norm", "self_attn.k_layernorm"),
            ("ffn_norm", "ffn_norm"),
            ("ffn_gate", "feed_forward.w1"),
            ("ffn_up", "feed_forward.w3"),
            ("ffn_down", "feed_forward.w2"),
            ("output_norm", "embedding_norm"),
        ],
        ..QWEN3
    },
    Family { hub: &["granite"], gguf: "granite", ..PLAIN },
];

impl Family {
    /// The family that GGUF files call `architecture`.
    pub(crate) fn of_gguf(architecture: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.gguf == architecture)
    }

    /// The family whose `config.json` says `model_type`.
    pub(crate) fn of_hub(model_type: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.hub.contains(&model_type))
    }
}

/// All families by the Hub's names, for people.
pub(crate) fn known_families() -> String {
    FAMILIES.iter().flat_map(|family| family.hub).copied().collect::<Vec<_>>().join(", ")
}
