//! The tokens of SmolLM2's vocabulary, split in every known way, against those that llama.cpp gives.

use crate::local::{checkpoint::Header, gguf::Gguf, vocabulary::Vocabulary};
use candle_core::quantized::gguf_file::{self, Content, Value};
use std::{collections::HashMap, fs::File, io::BufWriter};

/// The vocabulary of the real file with `tokenizer.ggml.pre` set to `pre`.
fn vocabulary(pre: &str) -> Vocabulary {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let path = runtime.block_on(smol_hub::default_model(|_| ())).unwrap();
    let mut content = Content::read(&mut File::open(path).unwrap()).unwrap();
    content.metadata.insert("tokenizer.ggml.pre".to_owned(), Value::String(pre.to_owned()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vocabulary.gguf");
    let metadata = content.metadata.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>();
    gguf_file::write(&mut BufWriter::new(File::create(&path).unwrap()), &metadata, &[]).unwrap();
    Vocabulary::load(&Header::Gguf(Gguf::open(&path).unwrap().0)).unwrap()
}

#[test]
fn tokens_are_those_of_llama_cpp() {
    let golden = include_str!("../../../tests/fixtures/local/tokens.jsonl");
    let rows = golden.lines().map(|line| serde_json::from_str::<(String, String, Vec<u32>)>(line).unwrap());
    let mut vocabularies = HashMap::new();
    let mut wrong = Vec::new();
    for (pre, text, expect) in rows {
        let vocabulary: &Vocabulary = vocabularies.entry(pre.clone()).or_insert_with(|| vocabulary(&pre));
        let found = vocabulary.encode(&text).unwrap();
        if found != expect {
            wrong.push(format!("{pre} {text:?}\n  expect {expect:?}\n  found  {found:?}"));
        }
    }
    assert_eq!(vocabularies.len(), 5);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// llama.cpp leaves this out; Qwen's own tokenizer does it, so the model has only seen text like that.
#[test]
fn qwen_joins_accents_with_their_letters() {
    let vocabulary = vocabulary("qwen2");
    assert_eq!(vocabulary.encode("cafe\u{301}").unwrap(), vocabulary.encode("caf\u{e9}").unwrap());
}

#[test]
fn text_comes_back_from_its_tokens() {
    let vocabulary = vocabulary("smollm");
    for text in ["def f(x):\n\treturn x ** 2", "naïve 你好 😀👍🏽", " \u{a0}\u{0}\n\n  "] {
        let tokens = vocabulary.encode(text).unwrap();
        let bytes = tokens.iter().flat_map(|token| vocabulary.text(*token)).copied().collect::<Vec<_>>();
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }
}

#[test]
fn control_tokens_do_not_show() {
    let vocabulary = vocabulary("smollm");
    let tokens = vocabulary.encode("<|im_start|>a<|im_end|>").unwrap();
    assert_eq!(tokens, [1, 81, 2]);
    let shown = tokens.iter().map(|token| vocabulary.text(*token)).collect::<Vec<_>>();
    assert_eq!(shown, [b"".as_slice(), b"a", b""]);
    let ends = tokens.iter().map(|token| vocabulary.is_end(*token)).collect::<Vec<_>>();
    assert_eq!(ends, [false, false, true]);
}
