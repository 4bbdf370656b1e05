//! A folder of an embedding model, as it lies on the Hub, and the texts that go through it.

use super::{
    bert::{Bert, BertConfig},
    gguf::{computing, setup},
};
use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use futures::{channel::oneshot, future::BoxFuture};
use serde::{Deserialize, de::DeserializeOwned};
use smol_core::{embed::Embedder, model::ModelError};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokenizers::{Tokenizer, TruncationParams};

/// Texts that go through the model at once.
const BATCH: usize = 32;

/// An embedding model of the BERT kind, such as all-MiniLM-L6-v2, on this machine's processor.
///
/// ```no_run
/// # async fn example() -> Result<(), smol_core::model::ModelError> {
/// use smol_core::embed::Embedder;
/// let embedder = smol_models::local::LocalEmbedder::load("all-MiniLM-L6-v2")?;
/// let vectors = embedder.embed(vec!["a cat".to_owned(), "a kitten".to_owned()]).await?;
/// # Ok(())
/// # }
/// ```
pub struct LocalEmbedder {
    parts: Arc<Parts>,
}

struct Parts {
    tokenizer: Tokenizer,
    bert: Bert,
}

/// What sentence-transformers adds about a model.
#[derive(Default, Deserialize)]
struct Sentences {
    max_seq_length: Option<usize>,
}

/// How the tokens' vectors become one.
#[derive(Deserialize)]
struct Pooling {
    pooling_mode_mean_tokens: bool,
}

impl LocalEmbedder {
    /// Loads the model in `folder`: `config.json`, `tokenizer.json` and `model.safetensors`. Of longer texts the model
    /// reads the beginning, as many tokens as `sentence_bert_config.json` says, else as many as it has places for.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where a file is missing or damaged, or the model is of another kind.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, ModelError> {
        let folder = Folder(folder.as_ref());
        let config: BertConfig = folder.json("config.json")?;
        folder.check(&config)?;
        let sentences: Sentences = folder.optional_json("sentence_bert_config.json")?.unwrap_or_default();
        let places = config.max_position_embeddings;
        let tokenizer =
            folder.tokenizer(sentences.max_seq_length.map_or(places, |limit| limit.min(places)))?;
        let words = tokenizer.get_vocab_size(true);
        if words > config.vocab_size {
            let known = config.vocab_size;
            return Err(folder.error("tokenizer.json", format_args!("{words} tokens, the model {known}")));
        }
        let name = "model.safetensors";
        let tensors = VarBuilder::from_buffered_safetensors(folder.read(name)?, DType::F32, &Device::Cpu);
        let bert = tensors.and_then(|tensors| Bert::load(&config, &tensors));
        let bert = bert.map_err(|cause| folder.error(name, cause))?;
        Ok(Self { parts: Arc::new(Parts { tokenizer, bert }) })
    }
}

impl Embedder for LocalEmbedder {
    fn embed(&self, texts: Vec<String>) -> BoxFuture<'_, Result<Vec<Vec<f32>>, ModelError>> {
        let (sender, vectors) = oneshot::channel();
        let parts = Arc::clone(&self.parts);
        rayon::spawn(move || {
            if !sender.is_canceled() {
                // Whoever asked may have gone away meanwhile.
                let _ = sender.send(parts.embed(texts));
            }
        });
        Box::pin(async move { vectors.await.unwrap_or_else(|_| Err(computing("its thread panicked"))) })
    }
}

impl Parts {
    fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, ModelError> {
        let encodings = self.tokenizer.encode_batch_fast(texts, true).map_err(computing)?;
        let mut order = encodings.iter().map(|encoding| encoding.get_ids()).enumerate().collect::<Vec<_>>();
        // Texts of like length share a batch, so that little of it is padding.
        order.sort_by_key(|(_, tokens)| tokens.len());
        let mut vectors = Vec::with_capacity(order.len());
        for batch in order.chunks(BATCH) {
            let (places, tokens): (Vec<_>, Vec<_>) = batch.iter().copied().unzip();
            vectors.extend(places.into_iter().zip(self.bert.embed(&tokens).map_err(computing)?));
        }
        vectors.sort_by_key(|(place, _)| *place);
        Ok(vectors.into_iter().map(|(_, vector)| vector).collect())
    }
}

/// Where the files lie, for reading them and for errors about them.
struct Folder<'a>(&'a Path);

impl Folder<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, ModelError> {
        fs::read(self.path(name)).map_err(|cause| self.error(name, cause))
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, ModelError> {
        serde_json::from_slice(&self.read(name)?).map_err(|cause| self.error(name, cause))
    }

    fn optional_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ModelError> {
        if self.path(name).exists() { self.json(name).map(Some) } else { Ok(None) }
    }

    /// The tokenizer, which cuts texts to `limit` tokens and pads none.
    fn tokenizer(&self, limit: usize) -> Result<Tokenizer, ModelError> {
        let name = "tokenizer.json";
        let mut tokenizer =
            Tokenizer::from_bytes(self.read(name)?).map_err(|cause| self.error(name, cause))?;
        let truncation = TruncationParams { max_length: limit, ..TruncationParams::default() };
        tokenizer
            .with_padding(None)
            .with_truncation(Some(truncation))
            .map_err(|cause| self.error(name, cause))?;
        Ok(tokenizer)
    }

    fn check(&self, config: &BertConfig) -> Result<(), ModelError> {
        let name = "config.json";
        let (kind, act) = (config.model_type.as_str(), config.hidden_act.as_str());
        if kind != "bert" || act != "gelu" {
            let what = format!("the model is `{kind}` with `{act}`, expected `bert` with `gelu`");
            return Err(self.error(name, what));
        }
        let (width, heads) = (config.hidden_size, config.num_attention_heads);
        if heads == 0 || !width.is_multiple_of(heads) {
            return Err(self.error(name, format_args!("{heads} heads do not share {width} numbers evenly")));
        }
        let name = "1_Pooling/config.json";
        match self.optional_json::<Pooling>(name)? {
            Some(pooling) if !pooling.pooling_mode_mean_tokens => {
                Err(self.error(name, "the model is not read as the mean of its tokens"))
            }
            _ => Ok(()),
        }
    }

    fn error(&self, name: &str, cause: impl std::fmt::Display) -> ModelError {
        let hint = "an embedding model is a folder with `config.json`, `tokenizer.json` and `model.safetensors` of the BERT kind, such as `sentence-transformers/all-MiniLM-L6-v2`";
        let path = self.path(name);
        setup(format!("the embedding model cannot be used, because of `{}`: {cause}", path.display()), hint)
    }
}
