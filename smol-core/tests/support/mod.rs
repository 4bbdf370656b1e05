//! A scripted model, and a sandbox that plays back outcomes: the loop's partners without any engine.

use async_trait::async_trait;
use futures::{StreamExt, future::BoxFuture, stream, stream::BoxStream};
use serde_json::{Value, json};
use smol_core::{
    exec::{ExecError, Executor, Input, Outcome, Progress, Sandbox, SandboxSpec},
    message::{Message, TokenUsage, ToolCall},
    model::{Delta, Model, ModelError, ModelInfo, Request, StopReason},
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// Gives its replies in turn, then fails; remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    replies: Mutex<std::collections::VecDeque<Vec<Delta>>>,
    pub(crate) requests: Mutex<Vec<Request>>,
    info: ModelInfo,
}

impl Script {
    pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Arc<Self> {
        Self::deltas(texts.into_iter().map(|text| vec![Delta::Text(text.to_owned())]))
    }

    pub(crate) fn deltas(replies: impl IntoIterator<Item = Vec<Delta>>) -> Arc<Self> {
        Arc::new(Self { replies: Mutex::new(replies.into_iter().collect()), ..Self::default() })
    }

    pub(crate) fn known<'a>(info: ModelInfo, texts: impl IntoIterator<Item = &'a str>) -> Arc<Self> {
        let replies = texts.into_iter().map(|text| vec![Delta::Text(text.to_owned())]).collect();
        Arc::new(Self { replies: Mutex::new(replies), info, ..Self::default() })
    }

    /// The texts of every message of every request.
    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|request| request.messages.iter().map(Message::text).collect()).collect()
    }

    pub(crate) fn last_user_text(&self) -> String {
        self.requests.lock().unwrap().last().unwrap().messages.last().unwrap().text()
    }
}

impl Model for Script {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        self.requests.lock().unwrap().push(request);
        let Some(mut deltas) = self.replies.lock().unwrap().pop_front() else {
            return stream::iter([Err(ModelError::Other("the script is over".into()))]).boxed();
        };
        deltas.push(Delta::Usage(TokenUsage::new(10, 2)));
        stream::iter(deltas.into_iter().map(Ok)).boxed()
    }

    fn info(&self) -> ModelInfo {
        self.info.clone()
    }
}

pub(crate) fn cut_off(text: &str) -> Vec<Delta> {
    vec![Delta::Text(text.to_owned()), Delta::Stop(StopReason::Length)]
}

/// A sandbox whose "language" is one word and an argument a line: enough to steer every outcome.
/// `call NAME` calls a tool and prints its reply, `ask NAME JSON` does so with arguments, `print X`, `set X`, `show` prints what was set, `answer X`,
/// `raise X`, `syntax`, `hang` (a time limit), `vanish` (asks for another tool than last time).
#[derive(Default, Clone)]
pub(crate) struct Lines {
    pub(crate) opened: Arc<AtomicUsize>,
}

impl Executor for Lines {
    fn open<'a>(
        &'a self,
        _: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        let number = self.opened.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            progress("getting ready".into());
            // Not ready at once, so that the driver has a moment to pass the progress on.
            yield_now().await;
            Ok(Box::new(LineSandbox { number, ..LineSandbox::default() }) as Box<dyn Sandbox>)
        })
    }
}

#[derive(Default)]
struct LineSandbox {
    number: usize,
    variables: Vec<String>,
    lines: Vec<String>,
    logs: String,
    calls: usize,
}

#[async_trait]
impl Sandbox for LineSandbox {
    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError> {
        match input {
            Input::Code(code) => {
                self.lines = code.lines().rev().map(str::to_owned).collect();
                self.calls = 0;
                self.logs.clear();
            }
            Input::ToolReply { reply, .. } => {
                self.logs += &format!("{}\n", reply.map_or_else(|error| error, |value| value.to_string()))
            }
        }
        while let Some(line) = self.lines.pop() {
            let (word, argument) = line.split_once(' ').unwrap_or((&line, ""));
            let logs = self.logs.clone();
            match word {
                "print" => self.logs += &format!("{argument}\n"),
                "set" => self.variables.push(argument.to_owned()),
                "show" => self.logs += &format!("{:?}\n", self.variables),
                "call" | "ask" | "vanish" => {
                    self.calls += 1;
                    let vanishing = format!("tool_{}", self.number);
                    let argument = if word == "vanish" { &vanishing } else { argument };
                    let (name, arguments) = argument.split_once(' ').unwrap_or((argument, "{}"));
                    return Ok(Outcome::Call(ToolCall {
                        id: format!("call_{}", self.calls),
                        name: name.to_owned(),
                        arguments: serde_json::from_str(arguments).unwrap(),
                    }));
                }
                "answer" => {
                    return Ok(Outcome::FinalAnswer {
                        value: json!(argument),
                        text: argument.to_owned(),
                        logs,
                    });
                }
                "value" => {
                    let value = serde_json::from_str(argument).unwrap();
                    return Ok(Outcome::Value { value, text: "a value".to_owned(), logs });
                }
                "raise" => {
                    return Ok(Outcome::Raised {
                        kind: argument.to_owned(),
                        error: format!("{argument}: oh"),
                        logs,
                    });
                }
                "hang" => {
                    return Ok(Outcome::Lost { reason: "the time limit of 1 s was reached".into(), logs });
                }
                _ => {
                    return Ok(Outcome::Raised {
                        kind: "SyntaxError".into(),
                        error: "SyntaxError: no".into(),
                        logs,
                    });
                }
            }
        }
        Ok(Outcome::Value { value: Value::Null, text: String::new(), logs: self.logs.clone() })
    }
}

/// A tool that logs when it begins and ends into a shared list.
pub(crate) struct Logged {
    spec: ToolSpec,
    pub(crate) log: Arc<Mutex<Vec<String>>>,
}

impl Logged {
    pub(crate) fn tool(name: &str, effect: Effect, log: &Arc<Mutex<Vec<String>>>) -> Arc<dyn Tool> {
        let spec = ToolSpec {
            effect,
            input: json!({"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": false}),
            ..ToolSpec::new(name, "Logs.")
        };
        Arc::new(Self { spec, log: log.clone() })
    }
}

#[async_trait]
impl Tool for Logged {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let n = arguments["n"].as_i64().unwrap_or(0);
        self.log.lock().unwrap().push(format!("begin {n}"));
        assert!(n != 13, "thirteen");
        // Later calls end sooner, so that order has to be kept by the agent and not by luck.
        for _ in n..5 {
            yield_now().await;
        }
        self.log.lock().unwrap().push(format!("end {n}"));
        if n == 7 { Err(ToolError("seven is not served".into())) } else { Ok(json!(n)) }
    }
}

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
