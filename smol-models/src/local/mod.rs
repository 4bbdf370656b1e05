//! Models that run in this process, on candle.
//!
//! ```no_run
//! # fn main() -> Result<(), smol_core::model::ModelError> {
//! let model = smol_models::local::LocalModel::load("SmolLM2-135M-Instruct.Q4_1.gguf")?.max_new_tokens(256);
//! # Ok(())
//! # }
//! ```
//!
//! A model is a GGUF file, in any quantisation that candle reads, or a folder of safetensors and JSON files as on the
//! Hugging Face Hub. The families are Llama (SmolLM2 too), Mistral, Qwen 2 and 3, Gemma 3, Phi 3 and 4, SmolLM3, GLM-4,
//! LFM2 and Granite. Tokenizer, chat template and sizes all come from the files. Five things make it fit for agents:
//! - The model remembers the last few conversations. A step that repeats one and adds to it costs only the added tokens.
//! - Any number of runs may share one model; replies are made one after the other on a thread of their own.
//! - Dropping the stream of a reply stops the work on it.
//! - A reply has the form that its request settles: code that parses in its tags, calls of known tools, JSON of a schema.
//! - What repeats the conversation is read ahead, several tokens at once.

mod attention;
mod bert;
mod block;
mod cache;
mod calls;
mod checkpoint;
mod chooser;
mod config;
mod conversations;
mod cores;
mod decoder;
mod embedder;
mod engine;
mod folder;
mod gate;
mod gguf;
mod grammar;
mod halves;
mod kernel;
mod keywords;
mod memory;
mod noise;
mod options;
mod packed;
mod panels;
mod pictures;
mod reader;
mod reply;
mod safetensors;
mod sampler;
mod settings;
mod shards;
mod source;
mod template;
mod tensor_attention;
mod tensors;
#[cfg(test)]
mod tests;
pub mod trial;
mod vision;
mod vocabulary;
mod weights;
mod worker;

pub use embedder::LocalEmbedder;
pub use options::{DeviceMap, Dtype, LoadOptions};

use engine::Engine;
use futures::{
    StreamExt,
    channel::mpsc::unbounded,
    stream::{self, BoxStream},
};
use options::Placement;
use settings::Settings;
use smol_core::model::{Delta, Model, ModelError, ModelInfo, Profile, Request};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
};
use worker::Job;

/// Below this many parameters a model follows worked examples better than rules.
const SMALL: usize = 3_000_000_000;

/// What the original calls a model that runs in this process.
pub type TransformersModel = LocalModel;

/// A model in files, on this machine.
pub struct LocalModel {
    id: String,
    profile: Profile,
    engine: Arc<Engine>,
    settings: Settings,
    threads: usize,
    /// The thread that computes, from the first request on.
    jobs: Mutex<Option<Sender<Job>>>,
}

impl LocalModel {
    /// Loads the model at `path`: all of it, so this takes some tenths of a second for each gigabyte, and about as much
    /// memory as its files are long. Replies are greedy and at most 1024 tokens long unless set otherwise. What `path` may
    /// be, and what can go wrong, is said at [`LoadOptions::load`].
    ///
    /// # Errors
    /// As [`LoadOptions::load`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        LoadOptions::default().load(path)
    }

    /// How to load a model otherwise than [`LocalModel::load`] does.
    pub fn options() -> LoadOptions {
        LoadOptions::default()
    }

    fn load_with(path: &Path, placement: &Placement) -> Result<Self, ModelError> {
        let (engine, parameters) = Engine::load(path, placement)?;
        // A file's name without its ending, or a folder's, is how people know a local model.
        let name = if path.is_dir() { path.file_name() } else { path.file_stem() };
        let name = name.unwrap_or_default().to_string_lossy();
        Ok(Self {
            id: format!("local/{name}"),
            profile: if parameters < SMALL { Profile::Small } else { Profile::Large },
            engine: Arc::new(engine),
            settings: Settings::default(),
            threads: cores::usable(),
            jobs: Mutex::new(None),
        })
    }

    /// How many threads compute one reply; one for each physical core that this process may use unless set.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    fn submit(&self, job: Job) -> Result<(), ModelError> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match jobs.take() {
            Some(sender) => sender,
            None => worker::start(Arc::clone(&self.engine), self.threads)?,
        };
        let sent = jobs.insert(sender).send(job);
        sent.map_err(|_| gguf::computing("its thread has ended"))
    }
}

impl Model for LocalModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let (deltas, received) = unbounded();
        match self.submit(Job { request, settings: self.settings.clone(), deltas }) {
            Ok(()) => received.boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn info(&self) -> ModelInfo {
        let context_window = u64::try_from(self.engine.context()).ok();
        let vision = Some(self.engine.decoder.sight.is_some());
        ModelInfo {
            profile: self.profile,
            context_window,
            vision,
            structured_output: self.settings.constrained,
            ..ModelInfo::default()
        }
    }
}
