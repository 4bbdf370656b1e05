//! Reading ahead changes no reply.

use super::{
    replies::{ask, reply},
    tiny::Tiny,
};
use crate::local::LocalModel;
use candle_core::quantized::GgmlDType;
use smol_core::{
    message::{Message, Role},
    model::Request,
};

fn model(architecture: &str, speculative: bool) -> LocalModel {
    let (_folder, path) = Tiny::new(architecture, GgmlDType::Q8_0).write();
    LocalModel::load(path).unwrap().max_new_tokens(120).threads(1).speculative(speculative)
}

/// Replies of both ways to three turns of one conversation.
fn check(architecture: &str, request: &Request, set: impl Fn(LocalModel) -> LocalModel) {
    let (with, without) = (set(model(architecture, true)), set(model(architecture, false)));
    let mut request = request.clone();
    for turn in ["go on, go on, go on", "abcabcabcabcabc", "and so on"] {
        let expect = reply(&without, request.clone());
        assert_eq!(reply(&with, request.clone()), expect, "{architecture} {turn}");
        request.messages.push(Message::new(Role::Assistant, expect.text));
        request.messages.push(Message::new(Role::User, turn));
    }
}

#[test]
fn the_best_tokens_are_the_same() {
    for architecture in ["llama", "qwen2", "qwen3"] {
        for text in ["hello", "abc abc abc abc", "x = 1\ny = 2\nx = 1\ny = 2\n"] {
            check(architecture, &ask(text), |model| model.max_new_tokens(60));
        }
    }
}

#[test]
fn drawn_tokens_are_the_same() {
    for seed in 0..6 {
        let request = ask("abc abc abc abc abc");
        check("llama", &request, |model| model.max_new_tokens(60).temperature(0.5).seed(seed));
        check("qwen3", &request, |model| {
            model.max_new_tokens(60).temperature(0.7).top_p(0.9).top_k(20).seed(seed)
        });
        check("qwen2", &request, |model| {
            model.max_new_tokens(60).repetition_penalty(1.2).repetition_window(9)
        });
    }
}

#[test]
fn forms_are_the_same() {
    let mut request = ask("code code code");
    request.stop = vec!["</code>".to_owned()];
    for seed in 0..6 {
        check("llama", &request, |model| model.max_new_tokens(90).temperature(0.6).seed(seed));
    }
}

#[test]
fn the_context_is_not_overrun() {
    let request = ask(&"ab".repeat(200));
    let found = reply(&model("llama", true).max_new_tokens(1000), request.clone());
    assert_eq!(found, reply(&model("llama", false).max_new_tokens(1000), request));
    let usage = found.usage.unwrap();
    assert_eq!(usage.input_tokens + usage.output_tokens, 512);
}
