//! Texts as vectors: what a tool needs that finds what is meant, not what is written.

use crate::model::ModelError;
use futures::future::BoxFuture;

/// Turns texts into vectors, which lie the closer together the closer the texts are in meaning.
pub trait Embedder: Send + Sync {
    /// One vector for each of `texts`, in their order. All vectors of one embedder have the same length, and are of length
    /// 1 in the sense of geometry: the sum of the products of two of them is the cosine of the angle between them, from -1
    /// to 1, and 1 for the same meaning.
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, ModelError>>;
}

impl<E: Embedder + ?Sized> Embedder for std::sync::Arc<E> {
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, ModelError>> {
        (**self).embed(texts)
    }
}
