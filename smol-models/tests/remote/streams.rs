//! Replies that succeed, however the bytes come.

use super::server::{Answer, Server, ask, end, event, question, text, texts};
use futures::StreamExt;
use serde_json::json;
use smol_core::{
    message::{TokenUsage, ToolCall},
    model::{Delta, Model, Reply, StopReason, complete},
};

#[tokio::test]
async fn a_stream_is_the_same_in_network_chunks_of_any_size() {
    let function = |arguments: &str| json!({"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": arguments}}]});
    let events = [
        ": a comment to keep the line open\n\n".to_owned(),
        text("grüße "),
        text("🦀\\n"),
        event(&json!({"choices": [{"delta": function("{\"x\":")}]})),
        event(&json!({"choices": [{"delta": function("\"é\"}")}]})),
        event(&json!({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 6}})),
        end(),
    ]
    .concat();
    let crlf = events.replace('\n', "\r\n");
    let streams = [1, 2, 3, 7, 1000].map(|size| Answer::stream(events.as_bytes().chunks(size)));
    let server = Server::start(streams.into_iter().chain([Answer::stream(crlf.as_bytes().chunks(5))]));
    for _ in 0..6 {
        let reply = ask(&server.model("m")).await.unwrap();
        let expect = Reply {
            text: "grüße 🦀\\n".into(),
            tool_calls: vec![ToolCall { id: "c".into(), name: "f".into(), arguments: json!({"x": "é"}) }],
            usage: Some(TokenUsage::new(5, 6)),
            ..Reply::default()
        };
        assert_eq!(reply, expect);
    }
    assert_eq!(server.connections(), 1, "every stream leaves its connection fit for the next");
}

#[tokio::test]
async fn what_is_sent() {
    let server = Server::start([
        Answer::stream([text("a"), end()]),
        Answer::json(&json!({"choices": [{"message": {}}]})),
    ]);
    let model = server.model("m").api_key("sk-key").header("X-Team", "blue").max_tokens(5);
    ask(&model).await.unwrap();
    ask(&model.streaming(false)).await.unwrap();
    let requests = server.requests();
    let (head, body) = &requests[0];
    let head = head.to_lowercase();
    assert!(head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{head}");
    for line in ["authorization: bearer sk-key\r\n", "x-team: blue\r\n", "content-type: application/json\r\n"]
    {
        assert!(head.contains(line), "{head}");
    }
    let messages = json!([{"role": "user", "content": "hello"}]);
    let mut expect = json!({"model": "m", "messages": messages, "max_tokens": 5, "stream": true, "stream_options": {"include_usage": true}});
    assert_eq!(*body, expect);
    expect.as_object_mut().unwrap().retain(|name, _| !name.starts_with("stream"));
    assert_eq!(requests[1].1, expect);
}

#[tokio::test]
async fn a_reply_at_once_is_read_whether_asked_for_or_not() {
    let body = json!({"choices": [{"message": {"content": "hi"}, "finish_reason": "length"}]});
    for streaming in [true, false] {
        let server = Server::start([Answer::json(&body)]);
        let reply = ask(&server.model("m").streaming(streaming)).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.stop), ("hi", StopReason::Length));
    }
}

#[tokio::test]
async fn a_stream_may_end_in_several_ways() {
    let stopped = event(&json!({"choices": [{"delta": {"content": "b"}, "finish_reason": "stop"}]}));
    let ends = [
        Answer::stream([text("a"), text("b"), end()]),
        Answer::stream([text("a"), text("b"), "data: [DONE]\n\n".into()]),
        Answer::stream([text("a"), text("b"), "data: [DONE]".into()]),
        Answer::stream([text("a"), stopped.clone()]),
        Answer::stream([text("a"), stopped.trim_end().to_owned()]),
        Answer::until_close(&[text("a"), stopped].concat()),
        Answer::stream([text("a"), text("b"), end()]).then_silence(),
    ];
    let count = ends.len();
    let server = Server::start(ends);
    for index in 0..count {
        assert_eq!(
            ask(&server.model("m")).await.map(|reply| reply.text).as_deref(),
            Ok("ab"),
            "answer {index}"
        );
    }
}

#[tokio::test]
async fn a_stop_sequence_cuts_where_the_service_refuses_it() {
    let usage = event(&json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 9}}));
    let stream = || {
        Answer::stream([text("x = 1\n<"), text("/co"), text("de> and"), text(" more"), usage.clone(), end()])
    };
    let whole = json!({"choices": [{"message": {"content": "x = 1\n</code> and more"}}], "usage": {"prompt_tokens": 1, "completion_tokens": 9}});
    let mut request = question();
    request.stop = vec!["</code>".into()];
    let server = Server::start([stream(), Answer::json(&whole), stream()]);
    for streaming in [true, false] {
        let model = server.model("gpt-5-mini").streaming(streaming);
        let reply = complete(&model, request.clone()).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.stop), ("x = 1\n", StopReason::End));
        assert_eq!(reply.usage.map(|usage| usage.output_tokens), Some(9));
    }
    assert_eq!(
        texts(&server.model("gpt-5-mini"), request.clone()).await.0,
        ["x = 1\n"],
        "no part of the sequence shows"
    );
    assert!(server.requests().iter().all(|(_, body)| body.get("stop").is_none()));
}

#[tokio::test]
async fn dropping_the_stream_hangs_up() {
    let server = Server::start([Answer::unfinished([text("a")]).then_silence()]);
    let model = server.model("m");
    let mut deltas = model.stream(question());
    assert_eq!(deltas.next().await, Some(Ok(Delta::Text("a".into()))));
    drop(deltas);
    server.wait_for_close().await;
}
