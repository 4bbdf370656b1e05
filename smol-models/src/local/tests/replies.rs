//! Whole replies of tiny models: what they say is noise, how they say it is not.

use super::tiny::Tiny;
use crate::local::LocalModel;
use candle_core::quantized::{GgmlDType, gguf_file::Value};
use futures::{StreamExt, executor::block_on};
use smol_core::{
    message::{Media, Message, Part, Role, TokenUsage},
    model::{Delta, Model, ModelError, Profile, Reply, Request, StopReason, complete},
};

fn model(tiny: &Tiny) -> LocalModel {
    let (_folder, path) = tiny.write();
    LocalModel::load(path).unwrap().max_new_tokens(24).threads(1)
}

pub(super) fn llama() -> LocalModel {
    model(&Tiny::new("llama", GgmlDType::Q8_0))
}

pub(super) fn ask(text: &str) -> Request {
    Request::new(vec![Message::new(Role::User, text)])
}

pub(super) fn reply(model: &LocalModel, request: Request) -> Reply {
    block_on(complete(model, request)).unwrap()
}

#[test]
fn every_family_replies_up_to_the_limit() {
    for architecture in ["llama", "qwen2", "qwen3"] {
        let model = model(&Tiny::new(architecture, GgmlDType::Q8_0));
        assert_eq!((model.id(), model.info().profile), ("local/tiny", Profile::Small));
        let reply = reply(&model, ask("hello"));
        assert_eq!(reply.stop, StopReason::Length, "{architecture}");
        // For the question a mark, `user` by letters, a line break, `he`, `llo`, a mark, a line break; 11 for the answer.
        assert_eq!(reply.usage, Some(TokenUsage::new(21, 24)), "{architecture}");
        assert!(!reply.text.is_empty());
    }
}

#[test]
fn remembered_conversations_change_no_reply() {
    let model = llama();
    let fresh = |request: &Request| reply(&llama(), request.clone());
    let mut request = ask("one");
    for step in ["two", "three", "four"] {
        let first = reply(&model, request.clone());
        assert_eq!(first, fresh(&request), "{step}");
        // Another run in between, with the same beginning, then more runs than are remembered.
        for other in ["one and a half", "a", "b", "c"] {
            assert_eq!(reply(&model, ask(other)), fresh(&ask(other)), "{other}");
        }
        assert_eq!(reply(&model, request.clone()), first, "{step}");
        request.messages.extend([Message::new(Role::Assistant, first.text), Message::new(Role::User, step)]);
    }
}

#[test]
fn runs_at_once_get_their_own_replies() {
    let shared = llama();
    let asked = ["a", "b", "ab", "a longer question", "b", "c"];
    let replies = block_on(futures::future::join_all(asked.map(|text| complete(&shared, ask(text)))));
    for (text, found) in asked.into_iter().zip(replies) {
        assert_eq!(found.unwrap(), reply(&llama(), ask(text)), "{text}");
    }
}

#[test]
fn a_stop_sequence_ends_the_reply_before_it() {
    let whole = reply(&llama(), ask("hello")).text;
    let start = whole.char_indices().nth(3).unwrap().0;
    let stop = whole[start..].chars().take(2).collect::<String>();
    let expect = whole.split(&stop).next().unwrap();
    let mut request = ask("hello");
    request.stop = vec!["never said".to_owned(), stop];
    let found = reply(&llama(), request);
    assert_eq!((found.text.as_str(), found.stop), (expect, StopReason::End));
}

#[test]
fn chance_follows_the_seed() {
    let draw = |seed| reply(&llama().temperature(2.0).seed(seed), ask("hello")).text;
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn a_request_may_set_its_own_temperature_and_length() {
    let mut request = ask("hello");
    (request.temperature, request.max_tokens) = (Some(2.0), Some(9));
    let found = reply(&llama().seed(1), request.clone());
    assert_eq!(found, reply(&llama().seed(1).temperature(2.0).max_new_tokens(9), ask("hello")));
    assert_eq!(found.usage.unwrap().output_tokens, 9);
    request.temperature = Some(-0.5);
    assert!(refused(&llama(), request).starts_with("`temperature` is -0.5"));
    assert!(refused(&llama().top_p(f32::NAN), ask("hello")).starts_with("`top_p` is NaN"));
}

#[test]
fn a_penalty_ends_repetition() {
    let distinct = |model: LocalModel| {
        let text = reply(&model, ask("hello")).text;
        text.chars().collect::<std::collections::HashSet<_>>().len()
    };
    assert!(distinct(llama().repetition_penalty(50.0)) > distinct(llama()));
}

#[test]
fn a_dropped_stream_frees_the_model() {
    let model = llama().max_new_tokens(400);
    block_on(async {
        let mut stream = model.stream(ask("hello"));
        assert!(matches!(stream.next().await, Some(Ok(Delta::Text(_)))));
    });
    let expect = reply(&llama(), ask("hello")).usage;
    assert_eq!(reply(&model.max_new_tokens(24), ask("hello")).usage, expect);
}

pub(super) fn refused(model: &LocalModel, request: Request) -> String {
    match block_on(complete(model, request)) {
        Err(error @ ModelError::Setup { .. }) => error.to_string(),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let check = |request: Request, expect: &str| {
        let message = refused(&llama(), request);
        assert!(message.contains(expect), "{message}");
    };
    check(ask(&"a".repeat(600)), "the prompt has 619 tokens, but the model's context is 512");
    let mut picture = ask("look");
    let media = Media::Inline { mime: "image/png".to_owned(), base64: String::new() };
    picture.messages[0].content.push(Part::Image(media));
    check(picture, "takes no images");
}

#[test]
fn control_tokens_in_a_message_are_plain_text() {
    let model = llama();
    let tokens = |text: &str| reply(&model, ask(text)).usage.unwrap().input_tokens;
    assert_eq!(tokens("a<|im_end|>b<|im_start|>"), tokens("a< |im_end|>b< |im_start|>"));
}

#[test]
fn templates_come_from_the_file() {
    let check = |template: &str, expect: u64| {
        let template = Value::String(template.to_owned());
        let tiny = Tiny::new("llama", GgmlDType::Q8_0).set("tokenizer.chat_template", template);
        assert_eq!(reply(&model(&tiny), ask("hello")).usage.unwrap().input_tokens, expect);
    };
    check("{% for message in messages %}\n{{ message['content'].strip() }}\n{% endfor %}", 3);
    check("{{ bos_token }}{{ messages[0]['content'] }}{% if add_generation_prompt %}!{% endif %}", 4);
    let template = Value::String("{{ raise_exception('only questions') }}".to_owned());
    let message = refused(
        &model(&Tiny::new("llama", GgmlDType::Q8_0).set("tokenizer.chat_template", template)),
        ask("a"),
    );
    assert!(message.contains("rejected the conversation") && message.contains("only questions"), "{message}");
}

#[test]
fn a_base_model_is_refused() {
    let mut tiny = Tiny::new("llama", GgmlDType::Q8_0);
    let Some(Value::Array(tokens)) = tiny.metadata.get_mut("tokenizer.ggml.tokens") else { panic!() };
    let count = tokens.len();
    tokens[count - 3] = Value::String("<s>".to_owned());
    let (_folder, path) = tiny.write();
    let message = LocalModel::load(path).err().unwrap().to_string();
    assert!(message.contains("no chat template"), "{message}");
}
