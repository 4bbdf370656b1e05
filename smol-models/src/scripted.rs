//! Models without a model, for tests: replies from a list, or from a function.
//!
//! Both keep the contract that a real service keeps. They end before a stop sequence, count tokens (one a word), and
//! break text and arguments into small pieces, so that code which only works on whole replies shows it.

use crate::stop::Cut;
use futures::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use serde_json::Value;
use smol_core::{
    message::{TokenUsage, ToolCall},
    model::{Delta, Model, ModelError, ModelInfo, Reply, Request, StopReason},
};
use std::sync::{Mutex, PoisonError};

/// Letters in a piece of a streamed reply: fewer than in any tag that a parser looks for.
const PIECE: usize = 5;

/// A reply of text.
pub fn text(text: impl Into<String>) -> Reply {
    Reply { text: text.into(), ..Reply::default() }
}

/// A reply that asks for tools, as name and arguments.
pub fn calls<'a>(calls: impl IntoIterator<Item = (&'a str, Value)>) -> Reply {
    let numbered = calls.into_iter().enumerate();
    let call = |(index, (name, arguments)): (usize, (&str, Value))| ToolCall {
        id: format!("call_{index}"),
        name: name.to_owned(),
        arguments,
    };
    Reply { tool_calls: numbered.map(call).collect(), stop: StopReason::ToolCalls, ..Reply::default() }
}

/// A model that gives prepared replies in order and remembers what it was asked.
#[derive(Debug)]
pub struct ScriptedModel {
    replies: Vec<Reply>,
    info: ModelInfo,
    requests: Mutex<Vec<Request>>,
}

impl ScriptedModel {
    /// A model that gives these replies. A request past the last one is an error.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            replies: replies.into_iter().collect(),
            info: ModelInfo::default(),
            requests: Mutex::default(),
        }
    }

    /// What agents are to know of it.
    pub fn describe(mut self, info: ModelInfo) -> Self {
        self.info = info;
        self
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn next(&self, request: &Request) -> Result<Reply, ModelError> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = self.replies.get(requests.len()).cloned();
        requests.push(request.clone());
        let (asked, known) = (requests.len(), self.replies.len());
        reply.ok_or_else(|| {
            ModelError::Other(format!("request {asked} came, but the script has {known} replies"))
        })
    }
}

impl Model for ScriptedModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let pieces = self.next(&request).map(|reply| pieces(reply, &request));
        stream::iter(fallible(pieces)).boxed()
    }

    fn info(&self) -> ModelInfo {
        self.info.clone()
    }

    fn id(&self) -> &str {
        "test/scripted"
    }
}

type Function = dyn Fn(Request) -> BoxFuture<'static, Result<Reply, ModelError>> + Send + Sync;

/// A model that is a function from the request to the reply.
pub struct FunctionModel(Box<Function>);

impl FunctionModel {
    /// A model that answers with `reply`.
    pub fn new(reply: impl Fn(Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(move |request| std::future::ready(Ok(reply(request))))
    }

    /// A model that answers with what `reply` resolves to: one that takes time, or fails.
    pub fn with<F>(reply: impl Fn(Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Reply, ModelError>> + Send + 'static,
    {
        Self(Box::new(move |request| reply(request).boxed()))
    }
}

impl Model for FunctionModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let reply = (self.0)(request.clone());
        let pieces = async move { fallible(reply.await.map(|reply| pieces(reply, &request))) };
        pieces.map(stream::iter).flatten_stream().boxed()
    }

    fn id(&self) -> &str {
        "test/function"
    }
}

fn fallible(pieces: Result<Vec<Delta>, ModelError>) -> Vec<Result<Delta, ModelError>> {
    match pieces {
        Ok(deltas) => deltas.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }
}

/// Takes a reply apart into what a service would stream.
fn pieces(reply: Reply, request: &Request) -> Vec<Delta> {
    let words = |text: &str| text.split_whitespace().count() as u64;
    let arguments: Vec<String> = reply.tool_calls.iter().map(|call| call.arguments.to_string()).collect();
    let counted = TokenUsage::new(
        request.messages.iter().map(|message| words(&message.text())).sum(),
        words(&reply.text) + words(&reply.reasoning) + arguments.iter().map(|text| words(text)).sum::<u64>(),
    );
    let mut cut = Cut::new(&request.stop);
    let mut deltas: Vec<Delta> = split(&reply.reasoning).map(Delta::Reasoning).collect();
    deltas.extend(split(&reply.text).map(Delta::Text));
    for (index, (call, arguments)) in reply.tool_calls.into_iter().zip(arguments).enumerate() {
        deltas.push(Delta::ToolCall {
            index,
            id: Some(call.id),
            name: Some(call.name),
            arguments: String::new(),
        });
        let more = |arguments| Delta::ToolCall { index, id: None, name: None, arguments };
        deltas.extend(split(&arguments).map(more));
    }
    deltas.extend(reply.opaque.into_iter().map(Delta::Opaque));
    deltas.push(Delta::Usage(reply.usage.unwrap_or(counted)));
    deltas.push(Delta::Stop(reply.stop));
    deltas.into_iter().flat_map(|delta| cut.push(delta)).collect()
}

fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut letters = text.chars();
    std::iter::from_fn(move || {
        Some(letters.by_ref().take(PIECE).collect::<String>()).filter(|piece| !piece.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use serde_json::json;
    use smol_core::{
        message::{Message, Role},
        model::complete,
    };

    fn ask(model: &dyn Model, stop: &[&str]) -> Result<Reply, ModelError> {
        let mut request = Request::new(vec![Message::new(Role::User, "one two  three")]);
        request.stop = stop.iter().map(|stop| (*stop).to_owned()).collect();
        block_on(complete(model, request))
    }

    #[test]
    fn a_script_gives_its_replies_in_order_and_then_fails() {
        let model = ScriptedModel::new([
            text("é hello there, friend"),
            calls([("add", json!({"a": 1, "b": "x y"}))]),
        ]);
        let first = ask(&model, &[]).unwrap();
        assert_eq!(first.text, "é hello there, friend");
        assert_eq!(first.usage, Some(TokenUsage::new(3, 4)));
        let second = ask(&model, &[]).unwrap();
        let expect =
            ToolCall { id: "call_0".into(), name: "add".into(), arguments: json!({"a": 1, "b": "x y"}) };
        assert_eq!((second.tool_calls, second.stop), (vec![expect], StopReason::ToolCalls));
        let error = ask(&model, &[]).unwrap_err();
        assert_eq!(error, ModelError::Other("request 3 came, but the script has 2 replies".into()));
        assert_eq!(model.requests().len(), 3);
    }

    #[test]
    fn a_reply_comes_in_small_pieces() {
        let model = ScriptedModel::new([text("final_answer")]);
        let deltas: Vec<Delta> = block_on(model.stream(Request::default()).map(Result::unwrap).collect());
        let usage = Delta::Usage(TokenUsage::new(0, 1));
        let texts = ["final", "_answ", "er"].map(|piece| Delta::Text(piece.into()));
        assert_eq!(
            deltas,
            texts.into_iter().chain([usage, Delta::Stop(StopReason::End)]).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_stop_sequence_ends_the_reply() {
        let model = ScriptedModel::new([text("x = 1\n</code> and more")]);
        let reply = ask(&model, &["</code>"]).unwrap();
        assert_eq!((reply.text.as_str(), reply.stop), ("x = 1\n", StopReason::End));
        assert_eq!(reply.usage.map(|usage| usage.output_tokens), Some(6));
    }

    #[test]
    fn a_function_answers_from_the_request_or_fails() {
        let echo = FunctionModel::new(|request| text(request.messages[0].text().to_uppercase()));
        assert_eq!(ask(&echo, &[]).unwrap().text, "ONE TWO  THREE");
        let failing = FunctionModel::with(|_| async { Err(ModelError::Other("down".into())) });
        assert_eq!(ask(&failing, &[]), Err(ModelError::Other("down".into())));
    }
}
