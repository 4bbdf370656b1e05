//! Parts of one layer from disk to where they are used.

use crate::local::{
    checkpoint::{Checkpoint, Wanted},
    config::Config,
    gguf::computing,
    options::Placement,
    tensors::vector,
    weights::Weights,
};
use candle_core::Tensor;
use smol_core::model::ModelError;

/// Loads the parts of layer `layer`.
pub(super) struct Loader<'a> {
    pub(super) file: &'a Checkpoint,
    pub(super) placement: &'a Placement,
    pub(super) layer: usize,
}

impl Loader<'_> {
    pub(super) fn config(&self) -> &Config {
        &self.file.config
    }

    pub(super) fn has(&self, part: &str) -> bool {
        self.file.has(self.layer, part)
    }

    /// A matrix of the whole model. It holds the words, whose errors weigh more: at least eight bits each.
    pub(super) fn words(&self, part: &str) -> Result<Option<Weights>, ModelError> {
        let rows = self.file.words(part)?;
        rows.map(|rows| Weights::new(rows, &self.placement.of_words()).map_err(computing)).transpose()
    }

    pub(super) fn last_norm(&self) -> Result<Tensor, ModelError> {
        self.tensor(self.file.last_norm()?)
    }

    /// A matrix that turns `columns` numbers into `rows`; `fused` as in [`Wanted`].
    pub(super) fn matrix(
        &self,
        part: &str,
        (rows, columns): (usize, usize),
        fused: Option<(&str, usize, usize)>,
    ) -> Result<Weights, ModelError> {
        let wanted = Wanted { layer: self.layer, part, rows, columns, fused };
        Weights::new(self.file.matrix(&wanted)?, self.placement).map_err(computing)
    }

    /// A small matrix whose result decides something: it is kept exact.
    pub(super) fn exact_matrix(
        &self,
        part: &str,
        (rows, columns): (usize, usize),
    ) -> Result<Weights, ModelError> {
        let wanted = Wanted { layer: self.layer, part, rows, columns, fused: None };
        Weights::new(self.file.matrix(&wanted)?, &self.placement.exact()).map_err(computing)
    }

    /// A matrix of one of `count` experts.
    pub(super) fn expert(
        &self,
        part: &str,
        expert: (usize, usize),
        shape: (usize, usize),
    ) -> Result<Weights, ModelError> {
        Weights::new(self.file.expert(self.layer, part, expert, shape)?, self.placement).map_err(computing)
    }

    pub(super) fn norm(&self, part: &str, length: usize) -> Result<Tensor, ModelError> {
        self.tensor(self.file.norm(self.layer, part, length)?)
    }

    pub(super) fn bias(&self, part: &str, length: usize) -> Result<Option<Tensor>, ModelError> {
        let bias = self.file.bias(self.layer, part, length)?;
        bias.map(|bias| self.tensor(bias)).transpose()
    }

    /// Numbers of any shape as a matrix of `rows` by `columns`.
    pub(super) fn table(&self, part: &str, rows: usize, columns: usize) -> Result<Tensor, ModelError> {
        let numbers = self.tensor(self.file.numbers(self.layer, part, rows * columns)?)?;
        numbers.reshape((rows, columns)).map_err(computing)
    }

    fn tensor(&self, numbers: Vec<f32>) -> Result<Tensor, ModelError> {
        vector(numbers, &self.placement.device).map_err(computing)
    }
}
