//! The real all-MiniLM-L6-v2 on candle, against the vectors that the Python package `transformers` 5.23 gives for the
//! same files (mean over the tokens, scaled to length 1).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail this way")]

use futures::executor::block_on;
use serde::Deserialize;
use smol_core::embed::Embedder;
use smol_models::local::LocalEmbedder;
use std::{fs, path::PathBuf, sync::LazyLock};

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(smol_hub::embedding_model(|_| ())).unwrap()
});
static EMBEDDER: LazyLock<LocalEmbedder> = LazyLock::new(|| LocalEmbedder::load(&*FOLDER).unwrap());

#[derive(Deserialize)]
struct Golden {
    text: String,
    vector: Vec<f32>,
}

fn golden() -> Vec<Golden> {
    serde_json::from_str(include_str!("fixtures/local/embeddings.json")).unwrap()
}

fn embed(texts: &[&str]) -> Vec<Vec<f32>> {
    block_on(EMBEDDER.embed(texts.iter().map(|text| (*text).to_owned()).collect())).unwrap()
}

fn cosine(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Letters with accents, Chinese, code, no text at all, and a text twice as long as the model reads.
#[test]
fn vectors_are_those_of_transformers() {
    for Golden { text, vector } in golden() {
        let found = embed(&[&text]).pop().unwrap();
        let cosine = cosine(&found, &vector);
        assert!((cosine - 1.0).abs() < 1e-5, "{text}: {cosine}");
    }
}

#[test]
fn a_batch_gives_the_vectors_of_its_texts_in_order() {
    let golden = golden();
    // More than go through at once.
    let texts = golden.iter().cycle().take(40).collect::<Vec<_>>();
    let found = embed(&texts.iter().map(|golden| golden.text.as_str()).collect::<Vec<_>>());
    assert_eq!(found.len(), texts.len());
    for (found, Golden { text, vector }) in found.iter().zip(texts) {
        let cosine = cosine(found, vector);
        assert!((cosine - 1.0).abs() < 1e-5, "{text}: {cosine}");
    }
    assert!(embed(&[]).is_empty());
}

#[test]
fn like_meanings_lie_close() {
    let found = embed(&["How many vessels are there?", "He counts the ships.", "A recipe for apple cake."]);
    let (near, far) = (cosine(&found[0], &found[1]), cosine(&found[0], &found[2]));
    assert!(near > far + 0.2, "{near} {far}");
}

/// Loading a folder in which `name` holds `content` must fail with a message that holds `expect`.
fn check(name: &str, content: Option<&[u8]>, expect: &str) {
    let folder = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json"] {
        fs::copy(FOLDER.join(file), folder.path().join(file)).unwrap();
    }
    // The weights are long, and come last.
    fs::write(folder.path().join("model.safetensors"), b"").unwrap();
    let path = folder.path().join(name);
    match content {
        Some(content) => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
        }
        None => fs::remove_file(&path).unwrap(),
    }
    let Err(error) = LocalEmbedder::load(folder.path()) else { panic!("`{name}` was taken: {expect}") };
    let message = error.to_string();
    for expect in [expect, &path.display().to_string(), "hint: "] {
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    }
}

#[test]
fn folders_that_do_not_fit() {
    let config = fs::read_to_string(FOLDER.join("config.json")).unwrap();
    let with = |old: &str, new: &str| Some(config.replace(old, new).into_bytes());
    let name = "config.json";
    check(name, None, "No such file");
    check(name, Some(b"{}"), "missing field `model_type`");
    check(name, with("\"bert\"", "\"llama\"").as_deref(), "is `llama` with `gelu`, expected `bert`");
    check(name, with("_heads\": 12", "_heads\": 7").as_deref(), "7 heads do not share 384");
    check(name, with("_heads\": 12", "_heads\": 0").as_deref(), "0 heads do not share 384");
    let name = "tokenizer.json";
    check(name, None, "No such file");
    check(name, Some(b"{\"model\":"), "EOF");
    let name = "model.safetensors";
    check(name, None, "No such file");
    check(name, Some(&[0xFF; 64]), "header");
    let weights = fs::read(FOLDER.join(name)).unwrap();
    check(name, weights.get(..weights.len() / 2), "incomplete metadata");
    let pooling = b"{\"pooling_mode_mean_tokens\": false}";
    check("1_Pooling/config.json", Some(pooling), "not read as the mean");
    check("sentence_bert_config.json", Some(b"[]"), "invalid");
}

#[test]
fn weights_that_differ_from_the_configuration() {
    let config = fs::read_to_string(FOLDER.join("config.json")).unwrap();
    let rows = [
        ("num_hidden_layers\": 6", "num_hidden_layers\": 7", "encoder.layer.6"),
        ("vocab_size\": 30522", "vocab_size\": 30523", "shape mismatch"),
        ("intermediate_size\": 1536", "intermediate_size\": 1099511627776", "shape mismatch"),
    ];
    for (old, new, expect) in rows {
        let folder = tempfile::tempdir().unwrap();
        for file in ["tokenizer.json", "model.safetensors"] {
            fs::copy(FOLDER.join(file), folder.path().join(file)).unwrap();
        }
        fs::write(folder.path().join("config.json"), config.replace(old, new)).unwrap();
        let Err(error) = LocalEmbedder::load(folder.path()) else { panic!("`{new}` was taken") };
        assert!(error.to_string().contains(expect), "`{expect}` is not in: {error}");
    }
}
