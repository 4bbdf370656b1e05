//! The shape of a decoder, read from a model's header and checked before any memory is taken for it.

mod family;
mod gguf;
mod hub;
mod rotation;

pub(super) use family::{Family, known_families};
pub(super) use rotation::Rotation;

use super::attention::LANES;

/// No dimension of a model that runs on one machine is larger; a header that says otherwise is damaged or hostile.
const LARGEST_DIMENSION: usize = 1 << 24;
/// The same for layers and experts, of which a list is made before any tensor is looked for.
const MOST_PARTS: usize = 1 << 12;

/// Sizes and constants of a decoder.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) family: &'static Family,
    /// Positions turn neighbouring pairs of a head's numbers, not its two halves.
    pub(super) rotate_pairs: bool,
    /// What mixes tokens in each layer.
    pub(super) layers: Vec<Mixer>,
    /// Numbers that stand for one token between layers.
    pub(super) width: usize,
    pub(super) feed_forward: usize,
    pub(super) heads: usize,
    /// Heads of keys and values, each shared by `heads / kv_heads` heads of queries.
    pub(super) kv_heads: usize,
    pub(super) head_size: usize,
    /// Rows of the words' matrix: all tokens, and in some models a few that stand for none.
    pub(super) vocabulary: usize,
    /// Tokens the model was trained to see at once.
    pub(super) context: usize,
    pub(super) norm_epsilon: f32,
    /// The rotations that layers name by their index.
    pub(super) rotations: Vec<Rotation>,
    /// Scores of attention are multiplied by this. One over the root of the head size in most models.
    pub(super) attention_scale: f32,
    pub(super) word_scale: f32,
    /// What a layer's parts add is multiplied by this.
    pub(super) residual_scale: f32,
    /// The words' scores are multiplied by this.
    pub(super) score_scale: f32,
    pub(super) experts: Option<Experts>,
    /// Tokens that a short convolution looks at, the newest included.
    pub(super) convolution: usize,
    /// The words' own matrix serves for the output even if another is stored.
    pub(super) tied: bool,
}

/// What mixes tokens in one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mixer {
    Attention {
        /// Tokens that one may heed, itself included; none for all.
        window: Option<usize>,
        /// Index of the layer's rotation; none where positions are not told.
        rotation: Option<usize>,
    },
    /// A short convolution over the tokens, gated on both sides.
    Convolution,
}

/// A mixture of experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Experts {
    pub(super) count: usize,
    /// How many a token goes to.
    pub(super) used: usize,
    pub(super) feed_forward: usize,
    /// The shares of the experts used add up to one.
    pub(super) normalised: bool,
}

impl Config {
    /// What is wrong with these sizes, if anything.
    fn problem(&self) -> Option<String> {
        if !self.heads.is_multiple_of(self.kv_heads) {
            let (heads, kv_heads) = (self.heads, self.kv_heads);
            return Some(format!("{heads} heads do not share {kv_heads} heads of keys evenly"));
        }
        if !self.head_size.is_multiple_of(LANES) {
            return Some(format!(
                "its heads have the size {}, expected a multiple of {LANES}",
                self.head_size
            ));
        }
        if self.rotations.iter().any(|rotation| rotation.turns.len() * 2 > self.head_size) {
            return Some(format!("it rotates more numbers than the {} of a head", self.head_size));
        }
        self.experts.filter(|experts| experts.used > experts.count).map(|experts| {
            format!("each token goes to {} experts, but there are {}", experts.used, experts.count)
        })
    }

    /// How many numbers of each head are turned by positions.
    pub(super) fn rotated(rotation: &Rotation) -> usize {
        rotation.turns.len() * 2
    }
}

/// `size`, where it can be a dimension.
fn dimension(size: usize) -> Result<usize, String> {
    match size {
        1..=LARGEST_DIMENSION => Ok(size),
        _ => Err(format!("is {size}, expected 1 to {LARGEST_DIMENSION}")),
    }
}

/// `count`, where there can be so many layers or experts.
fn parts(count: usize) -> Result<usize, String> {
    match count {
        1..=MOST_PARTS => Ok(count),
        _ => Err(format!("is {count}, expected 1 to {MOST_PARTS}")),
    }
}

/// Whether layer `index` is the last of its group of `group`: some families treat that one differently.
fn ends_group(index: usize, group: usize) -> bool {
    (index + 1).is_multiple_of(group)
}
