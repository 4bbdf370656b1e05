//! What all layers of one pass share: which tokens are read, and how their positions turn queries and keys.

use crate::local::{
    cache::Cache,
    config::{Config, Rotation},
};
use candle_core::{Device, Result, Tensor};
use candle_nn::rotary_emb::{rope, rope_i};

pub(super) struct Pass {
    /// Tokens that were read before.
    pub(super) start: usize,
    rotations: Vec<Angles>,
    /// Neighbouring numbers turn, not the halves of those that turn.
    pairs: bool,
}

/// One rotation's cosines and sines by token and pair.
struct Angles {
    cosines: Tensor,
    sines: Tensor,
    /// Numbers of a head that turn.
    rotated: usize,
}

impl Pass {
    /// The pass over `tokens` more than those in `cache`.
    pub(super) fn new(config: &Config, tokens: usize, cache: &Cache, device: &Device) -> Result<Self> {
        let start = cache.length();
        let angles = |rotation| Angles::new(rotation, start, tokens, cache.far, device);
        let rotations = config.rotations.iter().map(angles).collect::<Result<_>>()?;
        Ok(Self { start, rotations, pairs: config.rotate_pairs })
    }

    /// Turns each head's numbers (heads by tokens by head size) by their token's position, in the way of index
    /// `rotation`, if any.
    pub(super) fn rotate(&self, rotation: Option<usize>, heads: &Tensor) -> Result<Tensor> {
        let Some(angles) = rotation.and_then(|rotation| self.rotations.get(rotation)) else {
            return Ok(heads.clone());
        };
        let size = heads.dim(2)?;
        if angles.rotated == size {
            return self.turn(angles, heads);
        }
        let turned = self.turn(angles, &heads.narrow(2, 0, angles.rotated)?.contiguous()?)?;
        let rest = heads.narrow(2, angles.rotated, size - angles.rotated)?;
        Tensor::cat(&[&turned, &rest], 2)?.contiguous()
    }

    fn turn(&self, angles: &Angles, heads: &Tensor) -> Result<Tensor> {
        let batch = heads.unsqueeze(0)?;
        let turned = match self.pairs {
            true => rope_i(&batch, &angles.cosines, &angles.sines),
            false => rope(&batch, &angles.cosines, &angles.sines),
        };
        turned?.squeeze(0)
    }
}

impl Angles {
    fn new(rotation: &Rotation, start: usize, tokens: usize, far: bool, device: &Device) -> Result<Self> {
        let turns = match &rotation.beyond {
            Some((_, turns)) if far => turns,
            _ => &rotation.turns,
        };
        let angles =
            (start..start + tokens).flat_map(|position| turns.iter().map(move |turn| position as f32 * turn));
        let turned = angles.map(|angle| {
            let (sine, cosine) = angle.sin_cos();
            (sine * rotation.magnitude, cosine * rotation.magnitude)
        });
        let (sines, cosines): (Vec<f32>, Vec<f32>) = turned.unzip();
        let shape = (tokens, turns.len());
        Ok(Self {
            cosines: Tensor::from_vec(cosines, shape, device)?,
            sines: Tensor::from_vec(sines, shape, device)?,
            rotated: Config::rotated(rotation),
        })
    }
}
