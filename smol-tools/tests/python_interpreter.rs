//! The interpreter tool on a sandbox that plays a script, so that every outcome can be had.

#![expect(clippy::unwrap_used, reason = "the sandbox is part of the test")]

use futures::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};
use smol_core::{
    exec::{ExecError, Executor, Input, Outcome, Progress, Sandbox, SandboxSpec},
    message::ToolCall,
    tool::{Tool, ToolError},
};
use smol_tools::PythonInterpreter;
use std::sync::{Arc, Mutex};

/// Its sandboxes give these outcomes; it notes what it was asked.
struct Scripted {
    outcomes: Vec<Outcome>,
    seen: Arc<Mutex<Vec<String>>>,
}

struct Script {
    outcomes: std::vec::IntoIter<Outcome>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Executor for Scripted {
    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        _: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        self.seen.lock().unwrap().push(format!("open {:?} {}", spec.authorized_imports, spec.tools.len()));
        let script = Script { outcomes: self.outcomes.clone().into_iter(), seen: self.seen.clone() };
        async { Ok(Box::new(script) as Box<dyn Sandbox>) }.boxed()
    }
}

#[async_trait::async_trait]
impl Sandbox for Script {
    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError> {
        self.seen.lock().unwrap().push(format!("{input:?}"));
        let cause = "the script is over".to_owned();
        self.outcomes.next().ok_or(ExecError::Protocol { executor: "script".to_owned(), cause })
    }
}

async fn run(outcomes: Vec<Outcome>) -> (Result<Value, String>, Vec<String>) {
    let seen = Arc::default();
    let executor = Scripted { outcomes, seen: Arc::clone(&seen) };
    let tool = PythonInterpreter::new(Arc::new(executor)).authorized_imports(["math"]);
    let result = tool.call(json!({"code": "x"})).await.map_err(|ToolError(error)| error);
    let seen = seen.lock().unwrap().clone();
    (result, seen)
}

fn value(text: &str, logs: &str) -> Outcome {
    Outcome::Value { value: Value::Null, text: text.to_owned(), logs: logs.to_owned() }
}

#[tokio::test]
async fn tells_what_came_of_the_code() {
    let check = async |outcomes: Vec<Outcome>, expected: Result<&str, &str>| {
        let expected = expected.map(Value::from).map_err(str::to_owned);
        assert_eq!(run(outcomes).await.0, expected);
    };
    let (kind, error) = ("NameError".to_owned(), "NameError: name 'x' is not defined".to_owned());
    let (reason, logs) = ("it ran for 30 s, and the limit is 30 s".to_owned(), "hi\n".to_owned());
    let answer = Outcome::FinalAnswer { value: json!(1), text: "1".to_owned(), logs: String::new() };
    check(vec![value("4", "hi\n")], Ok("Stdout:\nhi\n\nOutput: 4")).await;
    check(vec![value("", "")], Ok("Stdout:\n\nOutput: None")).await;
    check(vec![answer], Ok("Stdout:\n\nOutput: 1")).await;
    let raised = Outcome::Raised { kind, error, logs: logs.clone() };
    check(vec![raised], Err("Stdout:\nhi\n\nNameError: name 'x' is not defined")).await;
    check(vec![Outcome::Lost { reason, logs }], Err("Stdout:\nhi\n\nit ran for 30 s, and the limit is 30 s"))
        .await;
    check(vec![], Err("the `script` sandbox was misused: the script is over")).await;
}

#[tokio::test]
async fn code_gets_a_new_sandbox_without_tools() {
    let call = ToolCall { id: "7".to_owned(), name: "search".to_owned(), arguments: json!({}) };
    let (result, seen) = run(vec![Outcome::Call(call), value("1", "")]).await;
    assert_eq!(result, Ok(json!("Stdout:\n\nOutput: 1")));
    let refused =
        r#"ToolReply { id: "7", reply: Err("no tool can be called here, so neither can `search`") }"#;
    assert_eq!(seen, [r#"open Some(["math"]) 0"#, r#"Code("x")"#, refused]);
}
