//! Tools that misbehave: each is an error that the model reads, and the run goes on.

use crate::{code_agent, sandboxes};
use smolagents::{hub::LoadedTool, tools::PythonTool};
use std::{sync::Arc, time::Duration};

/// A tool `bad()` with this body, which is indented by four.
fn bad(body: &str) -> String {
    format!("from smolagents import tool\n\n@tool\ndef bad() -> str:\n    '''Misbehaves.'''\n    {body}\n")
}

/// After `body` an agent must read `expect`, and still answer.
async fn check(body: &str, expect: &str) {
    let source = LoadedTool::from_code(&bad(body)).unwrap().source().unwrap().clone();
    let tool = PythonTool::new(source, sandboxes()).timeout(Duration::from_secs(2));
    let replies = ["<code>print(bad())</code>", "<code>final_answer('went on')</code>"];
    let agent = code_agent(replies).tools([Arc::new(tool) as _]).build().unwrap();
    let result = agent.run("Try it").await.unwrap();
    assert_eq!(result.output, "went on");
    let story = crate::story(&result);
    assert!(story.contains(expect), "`{expect}` is not in: {story}");
}

#[tokio::test]
async fn a_tool_that_misbehaves_stops_nothing() {
    check("raise ValueError('no such city')", "no such city").await;
    check("while True: pass", "2").await;
    check("return 'x' * 100_000_000", "").await;
    check("return 42", "not of type").await;
    check("return b'\\xff'", "not of type").await;
    check("import no_such_package", "`process` and `docker`").await;
    check("import os; os._exit(3)", "").await;
    check("from smolagents import CodeAgent", "`smolagents.CodeAgent` is not here").await;
    check("return open('/etc/passwd').read()", "passwd").await;
    check("return given()", "is not defined").await;
}

#[tokio::test]
async fn a_tool_that_cannot_be_made_is_told_with_its_line() {
    let code = format!("{}\nprint('loaded')\nraise RuntimeError('broken file')\n", bad("return ''"));
    let tool = LoadedTool::from_code(&code).unwrap().tool(sandboxes()).unwrap();
    let error = tool.call(serde_json::json!({})).await.unwrap_err().0;
    assert!(error.contains("`bad` could not be made") && error.contains("loaded\n"), "{error}");
    assert!(error.contains("tool.py\", line 9") && error.contains("RuntimeError: broken file"), "{error}");
}
