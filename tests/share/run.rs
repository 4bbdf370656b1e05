//! What others wrote, at work.

use crate::{code_agent, fixture, sandboxes, scripted};
use serde_json::json;
use smolagents::hub::{LoadedTool, from_folder, tool_from_folder};

#[tokio::test]
async fn an_agent_of_the_original_runs_with_all_it_manages() {
    let desk = from_folder(fixture("weather_desk")).unwrap();
    let model = scripted([
        // It plans first, as it was saved.
        "1. Ask. <end_plan>",
        "<code>\nprint(celsius(212))\nprint(scribe(task='Count: a b b'))\n</code>",
        r#"{"name": "word_count", "arguments": {"text": "a b b"}}"#,
        r#"{"name": "word_count", "arguments": {"text": "a b b", "unique": true}}"#,
        r#"{"name": "final_answer", "arguments": {"answer": "two"}}"#,
        "<code>final_answer(celsius(50, digits=0))</code>",
    ]);
    let agent = desk.builder(model, sandboxes()).unwrap().build().unwrap();
    assert_eq!((agent.name(), agent.max_steps()), ("weather_desk", 7));
    let result = agent.run("How warm?").await.unwrap();
    assert_eq!(result.output, json!(10.0), "{}", crate::story(&result));
    let story = crate::story(&result);
    assert!(story.contains("100.0") && story.contains("two"), "{story}");
}

#[tokio::test]
async fn an_agent_of_the_first_versions_runs() {
    let agent = from_folder(fixture("doubler")).unwrap();
    assert_eq!(agent.model_id().unwrap().id, "huggingface/Qwen/Qwen2.5-Coder-32B-Instruct");
    let agent = agent
        .builder(scripted(["<code>final_answer(double(21))</code>"]), sandboxes())
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(agent.run("Twice 21?").await.unwrap().output, 42);
}

#[tokio::test]
async fn a_tool_remembers_within_a_run_and_not_beyond() {
    let counter = tool_from_folder(fixture("word_count")).unwrap().tool(sandboxes()).unwrap();
    let code = "<code>\nfirst = word_count('a b')['asked']\nfinal_answer([first, word_count('c')['asked']])\n</code>";
    let agent = code_agent([code, code]).tools([counter]).build().unwrap();
    assert_eq!(agent.run("Count").await.unwrap().output, json!([1, 2]));
    assert_eq!(agent.run("Count").await.unwrap().output, json!([1, 2]));
}

#[tokio::test]
async fn values_go_in_and_out_as_python_has_them() {
    let code = r#"
from smolagents import tool
import smolagents.tools

@tool
def echo(value: object, times: int = 2) -> list:
    """Gives it back.

    Args:
        value: Anything.
        times: How often.
    """
    assert smolagents.tools.Tool and smolagents.tools.tool
    return tuple([type(value).__name__, value] * times)
"#;
    let echo = LoadedTool::from_code(code).unwrap().tool(sandboxes()).unwrap();
    let call = |arguments| {
        let echo = echo.clone();
        async move { echo.call(arguments).await.unwrap() }
    };
    assert_eq!(
        call(json!({"value": [1, "ä\u{0}'\"\\"], "times": 1})).await,
        json!(["list", [1, "ä\u{0}'\"\\"]])
    );
    let set = json!({"__type__": "set", "items": [1]});
    assert_eq!(call(json!({"value": set, "times": 1})).await, json!(["set", set]));
    assert_eq!(call(json!({"value": null})).await, json!(["NoneType", null, "NoneType", null]));
}
