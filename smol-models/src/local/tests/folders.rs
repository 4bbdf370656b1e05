//! Folders of the Hub's shape: whole ones reply, and what is said about others.

use super::{
    families::{Golden, golden},
    tiny,
};
use crate::local::LocalModel;
use futures::executor::block_on;
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role},
    model::{Model, Request, complete},
};
use std::{fs, path::Path};
use tempfile::TempDir;

const TEMPLATE: &str = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}";

/// A `tokenizer.json` with the tokens of the tiny GGUF models.
fn tokenizer() -> Value {
    let tokens = tiny::tokens();
    let marks = tokens.iter().enumerate().skip(tokens.len() - 3).map(|(id, token)| {
        json!({"id": id, "content": token, "special": token.starts_with("<|"), "single_word": false,
               "lstrip": false, "rstrip": false, "normalized": false})
    });
    let byte_level =
        json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": true});
    let vocabulary =
        tokens.iter().take(tokens.len() - 3).enumerate().map(|(id, token)| (token.clone(), json!(id)));
    json!({
        "version": "1.0", "truncation": null, "padding": null, "normalizer": null, "post_processor": null,
        "added_tokens": marks.collect::<Vec<_>>(), "pre_tokenizer": byte_level, "decoder": byte_level,
        "model": {"type": "BPE", "vocab": vocabulary.collect::<serde_json::Map<_, _>>(),
                  "merges": [["h", "e"], ["l", "l"], ["ll", "o"]]},
    })
}

/// A whole folder with the model of `family`.
fn whole(family: &str) -> (Golden, TempDir) {
    let golden = golden().remove(family).unwrap();
    let folder = golden.write();
    let write = |name: &str, json: Value| fs::write(folder.path().join(name), json.to_string()).unwrap();
    write("tokenizer.json", tokenizer());
    write("generation_config.json", json!({"eos_token_id": [2, 260]}));
    write(
        "tokenizer_config.json",
        json!({"chat_template": TEMPLATE, "eos_token": {"content": "<|im_end|>"}}),
    );
    (golden, folder)
}

fn ask(path: &Path) -> smol_core::model::Reply {
    let model = LocalModel::load(path).unwrap().max_new_tokens(8).threads(1);
    assert_eq!(model.info().context_window, Some(512));
    block_on(complete(&model, Request::new(vec![Message::new(Role::User, "hello")]))).unwrap()
}

#[test]
fn whole_folders_reply() {
    for family in ["llama", "gemma3", "lfm2"] {
        let (_, folder) = whole(family);
        let usage = ask(folder.path()).usage.unwrap();
        // `user` and `: ` by letters, `he`, `llo`, a line break.
        assert_eq!(usage.input_tokens, 9, "{family}");
    }
}

#[test]
fn one_file_or_several_are_the_same_model() {
    let (golden, folder) = whole("llama");
    let expect = ask(folder.path()).text;
    assert_eq!(ask(&folder.path().join("model.safetensors")).text, expect);
    let split = |name: &str| name.contains("layers.1.");
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    golden.write_weights(&folder.path().join(names[0]), |name| !split(name));
    golden.write_weights(&folder.path().join(names[1]), split);
    let place = |name: &String| (name.clone(), json!(names[usize::from(split(name))]));
    let map = golden.tensors.keys().map(place).collect::<serde_json::Map<_, _>>();
    let index = json!({"metadata": {}, "weight_map": map});
    fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join("model.safetensors.index.json"), index.to_string()).unwrap();
    assert_eq!(ask(folder.path()).text, expect);
    assert_eq!(ask(&folder.path().join(names[1])).text, expect);
    fs::remove_file(folder.path().join(names[1])).unwrap();
    for path in [folder.path().to_owned(), folder.path().join(names[0])] {
        let message = LocalModel::load(path).err().unwrap().to_string();
        assert!(message.contains("is in 2 files") && message.contains(names[1]), "{message}");
    }
}

/// Loading the folder of a Llama after `spoil` must fail with a message that holds each of `expect`.
fn check(spoil: impl Fn(&Path, &Golden), expect: &[&str]) {
    let (golden, folder) = whole("llama");
    spoil(folder.path(), &golden);
    let message = LocalModel::load(folder.path()).err().unwrap().to_string();
    for expect in expect.iter().chain(&["hint: "]) {
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    }
}

fn remove(folder: &Path, name: &str) {
    fs::remove_file(folder.join(name)).unwrap();
}

fn set(folder: &Path, golden: &Golden, name: &str, value: Value) {
    let mut config = golden.config.clone();
    config[name] = value;
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

#[test]
fn files_that_are_missing_are_named() {
    check(|folder, _| remove(folder, "config.json"), &["`config.json` is missing"]);
    check(|folder, _| remove(folder, "tokenizer.json"), &["tokenizer.json` is missing", "AutoTokenizer"]);
    check(|folder, _| remove(folder, "model.safetensors"), &["there are no weights"]);
    let only = |name: &'static str| {
        move |folder: &Path, _: &Golden| {
            remove(folder, "model.safetensors");
            fs::write(folder.join(name), "").unwrap();
        }
    };
    check(only("adapter_config.json"), &["holds an adapter, not a model", "merge_and_unload"]);
    check(only("pytorch_model.bin"), &["pickle", "safe_serialization"]);
    check(only("a.gguf"), &["is no GGUF file"]);
    check(only("a-00001-of-00002.gguf"), &["is in 2 files", "a-00002-of-00002.gguf` is missing"]);
    let index = "model.safetensors.index.json";
    let indexed = |text: &'static str| {
        move |folder: &Path, _: &Golden| {
            remove(folder, "model.safetensors");
            fs::write(folder.join(index), text).unwrap();
        }
    };
    check(indexed("{}"), &["`weight_map` should name"]);
    check(indexed("not json"), &["it is no JSON"]);
    check(indexed(r#"{"weight_map": {"a": "../b"}}"#), &["names `../b`, which is no file's name"]);
}

#[test]
fn configurations_that_do_not_fit() {
    let check = |name: &'static str, value: Value, expect: &[&str]| {
        check(|folder, golden| set(folder, golden, name, value.clone()), expect);
    };
    check("model_type", json!("mamba"), &["its `model_type` is `mamba`", "lfm2, granite"]);
    check("model_type", json!(null), &["`model_type` should be text"]);
    check("hidden_size", json!("64"), &["`hidden_size` should be a whole number"]);
    check(
        "hidden_size",
        json!(128),
        &["`model.embed_tokens.weight` has the shape [262, 64], expected [262, 128]"],
    );
    check("hidden_size", json!(0), &["`hidden_size` is 0, expected 1 to"]);
    check("num_hidden_layers", json!(1u64 << 40), &["`num_hidden_layers` is", "expected 1 to 4096"]);
    check("num_hidden_layers", json!(3), &["`model.layers.2.self_attn.q_proj.weight` is missing"]);
    check("num_key_value_heads", json!(3), &["4 heads do not share 3"]);
    check("head_dim", json!(20), &["the size 20, expected a multiple of 16"]);
    check("rope_scaling", json!({"rope_type": "magic"}), &["of the type `magic`"]);
    check("rope_scaling", json!({"rope_type": "linear"}), &["`factor` should be a number above 0"]);
    check(
        "rope_scaling",
        json!({"rope_type": "longrope", "original_max_position_embeddings": 64, "short_factor": [1]}),
        &["`short_factor` should be a list of 8 numbers"],
    );
    check("quantization_config", json!({"quant_method": "gptq"}), &["quantised by `gptq`"]);
}

#[test]
fn weights_and_tokenizers_that_do_not_fit() {
    let whole_weights = |folder: &Path| fs::read(folder.join("model.safetensors")).unwrap();
    let weights = |folder: &Path, bytes: &[u8]| fs::write(folder.join("model.safetensors"), bytes).unwrap();
    check(|folder, _| weights(folder, b""), &["could not read the header"]);
    check(|folder, _| weights(folder, &[0xFF; 64]), &["could not read the header"]);
    check(
        |folder, _| weights(folder, &whole_weights(folder)[..5000]),
        &["the file has 5000 bytes, expected"],
    );
    check(
        |folder, golden| {
            golden.write_weights(&folder.join("model.safetensors"), |name| {
                !name.ends_with("1.mlp.up_proj.weight")
            });
        },
        &["`model.layers.1.mlp.up_proj.weight` is missing"],
    );
    let tokenizer = |text: &'static str| {
        move |folder: &Path, _: &Golden| fs::write(folder.join("tokenizer.json"), text).unwrap()
    };
    check(tokenizer("{}"), &["tokenizer.json` cannot be used"]);
    check(tokenizer("not json"), &["tokenizer.json` cannot be used"]);
    check(
        |folder, _| {
            remove(folder, "generation_config.json");
            fs::write(folder.join("tokenizer_config.json"), json!({"chat_template": TEMPLATE}).to_string())
                .unwrap();
            let text = tokenizer_text().replace("<|im_end|>", "<|other|>");
            fs::write(folder.join("tokenizer.json"), text).unwrap();
            let mut config = fs::read_to_string(folder.join("config.json")).unwrap();
            config = config.replace("eos_token_id", "other");
            fs::write(folder.join("config.json"), config).unwrap();
        },
        &["names a token that ends a reply"],
    );
    check(
        |folder, _| {
            let text = tokenizer_text().replace("<|im_start|>", "<|other|>");
            fs::write(folder.join("tokenizer.json"), text).unwrap();
            fs::write(folder.join("tokenizer_config.json"), "{}").unwrap();
        },
        &["no chat template: it is a base model"],
    );
}

fn tokenizer_text() -> String {
    tokenizer().to_string()
}

/// Every way of cutting the weights short gives an error and no panic.
#[test]
fn cut_weights_are_errors() {
    let (_, folder) = whole("llama");
    let path = folder.path().join("model.safetensors");
    let bytes = fs::read(&path).unwrap();
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(LocalModel::load(folder.path()).is_err(), "{length}");
    }
}
