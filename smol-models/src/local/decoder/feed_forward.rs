//! The feed-forward part of a layer: one gated pair of matrices, or several of which each token sees a few.

use super::loader::Loader;
use crate::local::{
    config::{Config, Experts},
    gate::Gate,
    weights::Weights,
};
use candle_core::{Module, Result, Tensor};
use smol_core::model::ModelError;

pub(super) enum FeedForward {
    Dense(Gated),
    Mixture {
        /// Scores each expert for a token.
        router: Weights,
        experts: Vec<Gated>,
        settings: Experts,
    },
}

/// Values that a gate lets through.
pub(super) struct Gated {
    gate: Weights,
    up: Weights,
    down: Weights,
}

impl FeedForward {
    pub(super) fn load(loader: &Loader<'_>) -> std::result::Result<Self, ModelError> {
        let Config { width, feed_forward, experts, .. } = *loader.config();
        let Some(settings) = experts.filter(|_| loader.has("ffn_gate_inp")) else {
            let part = |name, first| {
                let fused = ("ffn_gate_up", first, 2 * feed_forward);
                loader.matrix(name, (feed_forward, width), Some(fused))
            };
            let (gate, up) = (part("ffn_gate", 0)?, part("ffn_up", feed_forward)?);
            let down = loader.matrix("ffn_down", (width, feed_forward), None)?;
            return Ok(Self::Dense(Gated { gate, up, down }));
        };
        let expert = |index| {
            let (place, inner) = ((index, settings.count), settings.feed_forward);
            Ok(Gated {
                gate: loader.expert("gate", place, (inner, width))?,
                up: loader.expert("up", place, (inner, width))?,
                down: loader.expert("down", place, (width, inner))?,
            })
        };
        Ok(Self::Mixture {
            router: loader.exact_matrix("ffn_gate_inp", (settings.count, width))?,
            experts: (0..settings.count).map(expert).collect::<std::result::Result<_, ModelError>>()?,
            settings,
        })
    }

    pub(super) fn forward(&self, config: &Config, input: &Tensor) -> Result<Tensor> {
        match self {
            Self::Dense(gated) => gated.forward(config, input),
            Self::Mixture { router, experts, settings } => {
                let scores = router.forward(input)?.to_vec2::<f32>()?;
                let mut output = input.zeros_like()?;
                for (expert, tokens) in experts.iter().zip(sorted(&scores, settings)) {
                    if tokens.is_empty() {
                        continue;
                    }
                    let (rows, shares): (Vec<u32>, Vec<f32>) = tokens.into_iter().unzip();
                    let shares = Tensor::from_vec(shares, (rows.len(), 1), input.device())?;
                    let rows = Tensor::new(rows, input.device())?;
                    let given = expert.forward(config, &input.index_select(&rows, 0)?)?;
                    output = output.index_add(&rows, &given.broadcast_mul(&shares)?, 0)?;
                }
                Ok(output)
            }
        }
    }
}

impl Gated {
    fn forward(&self, config: &Config, input: &Tensor) -> Result<Tensor> {
        let gate = if config.family.gelu { Gate::Gelu } else { Gate::Silu };
        let gated = self.gate.forward(input)?.apply_op2_no_bwd(&self.up.forward(input)?, &gate)?;
        self.down.forward(&gated)
    }
}

/// For each expert the tokens that go to it, with its share in each: those of the highest probabilities over all experts.
fn sorted(scores: &[Vec<f32>], settings: &Experts) -> Vec<Vec<(u32, f32)>> {
    let mut sorted = vec![Vec::new(); settings.count];
    for (scores, token) in scores.iter().zip(0u32..) {
        let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weights = scores.iter().map(|score| (score - largest).exp()).collect::<Vec<_>>();
        let all = weights.iter().sum::<f32>();
        let mut ranked = weights.into_iter().enumerate().collect::<Vec<_>>();
        ranked.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        ranked.truncate(settings.used);
        let used = ranked.iter().map(|(_, weight)| weight).sum::<f32>();
        let total = if settings.normalised { used } else { all };
        for (expert, weight) in ranked {
            if let Some(tokens) = sorted.get_mut(expert) {
                tokens.push((token, weight / total));
            }
        }
    }
    sorted
}
