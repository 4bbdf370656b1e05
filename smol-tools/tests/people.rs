//! The tools that talk to people, and the original's names.

use serde_json::json;
use smol_core::tool::{Tool, ToolError};
use smol_tools::{
    DuckDuckGoSearchTool, FinalAnswerTool, UserInputTool, VisitWebpageTool, WebSearchTool,
    WikipediaSearchTool,
};

#[tokio::test]
async fn a_person_is_asked_and_may_take_their_time() {
    let tool = UserInputTool::new(|question| async move {
        if question.is_empty() { Err("they left") } else { Ok(format!("{question} Yes!")) }
    });
    assert_eq!(tool.call(json!({"question": "Sure?"})).await, Ok(json!("Sure? Yes!")));
    assert_eq!(tool.call(json!({"question": ""})).await, Err(ToolError("they left".to_owned())));
    assert_eq!(tool.time_limit(), None);
    let ToolError(error) = UserInputTool::nobody().call(json!({"question": "Sure?"})).await.unwrap_err();
    assert!(error.starts_with("nobody is there to answer\n\nhint: "), "{error}");
}

#[tokio::test]
async fn an_answer_is_what_it_is() {
    let tool = FinalAnswerTool::new();
    assert_eq!(tool.call(json!({"answer": [1, "two"]})).await, Ok(json!([1, "two"])));
    assert_eq!(tool.call(json!({})).await, Ok(json!(null)));
}

#[test]
fn the_originals_names_are_known() {
    let check = |tool: &dyn Tool, name: &str| assert_eq!(tool.spec().name, name);
    check(&WebSearchTool::new(), "web_search");
    check(&DuckDuckGoSearchTool::new(), "web_search");
    check(&VisitWebpageTool::new(), "visit_webpage");
    check(&WikipediaSearchTool::new(), "wikipedia_search");
    check(&FinalAnswerTool::new(), "final_answer");
    check(&UserInputTool::nobody(), "user_input");
}
