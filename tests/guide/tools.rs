//! Tools as the guide defines and calls them.

use crate::common::{agent, model, run};
use serde_json::{Value, json};
use smolagents::{
    Executor, ToolSpec, base_tools,
    executors::Wasm,
    models::scripted::{ScriptedModel, calls, text},
    prelude::*,
    tools::{FinalAnswerTool, FunctionTool, PythonInterpreter, Toolbox, WebSearch, files::Folder},
};
use std::sync::Arc;

fn executor() -> Arc<dyn Executor> {
    Arc::new(Wasm::default())
}

/// Searches the web.
#[tool]
fn web_search(query: String) -> String {
    format!("results for {query}")
}

/// Fetches data from an API, in its own time.
#[tool]
async fn fetch_api(endpoint: String, #[default(10)] timeout: u32) -> Value {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    json!({"endpoint": endpoint, "timeout": timeout})
}

/// With a tool of one's own among them, which takes the place of its namesake, whichever came first.
#[tokio::test]
async fn s09_base_tools_in_a_code_agent() {
    let code =
        "print(python_interpreter('print(6 * 7)'))\nfinal_answer([web_search('x'), callable(visit_webpage)])";
    let rows = [
        agent(&[code]).tool(web_search).base_tools(base_tools(&executor())),
        agent(&[code]).base_tools(base_tools(&executor())).tool(web_search),
    ];
    for builder in rows {
        let result = run(builder).await;
        assert_eq!(result.output, json!(["results for x", true]), "{result:#?}");
        assert!(result.steps[0].observations.contains("Stdout:\n42"), "{result:#?}");
    }
}

#[tokio::test]
async fn s13_the_interpreter_by_the_guides_name() {
    let interpreter = PythonInterpreter::new(executor()).named("exec_python");
    let result = run(agent(&["final_answer(exec_python('2 ** 10'))"]).tool(interpreter)).await;
    assert!(result.text.ends_with("Output: 1024"), "{result:#?}");
}

/// A list as output, inputs without words, defaults without more ado: `schema` is all that is said of them.
#[tokio::test]
async fn s21_a_tool_can_say_little_of_itself() {
    let spec = ToolSpec {
        input: json!({
            "type": "object",
            "properties": {"query": {"type": "string"}, "timeout": {"type": "integer", "default": 30}},
            "required": ["query"],
        }),
        output: json!({"type": "array"}),
        ..ToolSpec::new("database_query", "Runs a query.")
    };
    let tool = FunctionTool::new(spec, |arguments| async move { Ok(json!([arguments["query"]])) });
    let code = "rows = database_query('SELECT 1')\nfinal_answer(rows[0] + fetch_api('x')['endpoint'])";
    let result = run(agent(&[code]).tool(tool).tool(fetch_api)).await;
    assert_eq!(result.output, "SELECT 1x", "{result:#?}");
}

#[tokio::test]
async fn s22_an_async_function_is_a_tool() {
    let result = run(agent(&["final_answer(fetch_api('a', timeout=3))"]).tool(fetch_api)).await;
    assert_eq!(result.output, json!({"endpoint": "a", "timeout": 3}), "{result:#?}");
}

#[tokio::test]
async fn s24_a_call_can_be_written_with_the_key_tool() {
    let call = json!({"tool": "web_search", "arguments": {"query": "weather Paris tomorrow"}}).to_string();
    let answer = calls([("final_answer", json!({"answer": "rain"}))]);
    let model = ScriptedModel::new([text(format!("Action:\n{call}")), answer]);
    let result = run(ToolCallingAgent::builder(model).tool(web_search)).await;
    assert_eq!(result.text, "rain");
    assert!(result.steps[0].observations.contains("results for weather Paris tomorrow"), "{result:#?}");
}

#[tokio::test]
async fn s33_the_prompt_shows_a_tool_as_a_python_function() {
    let model = model(&["final_answer(1)"]);
    run(CodeAgent::builder(model.clone()).tool(web_search)).await;
    let rules = model.requests()[0].messages[0].text();
    assert!(rules.contains("def web_search(query: str) -> str:\n    \"\"\"Searches the web."), "{rules}");
}

/// Served as the engine's page is built.
#[tokio::test]
async fn s34_search_results_are_a_list_of_records() {
    const PAGE: &str = "<table><tr><td><a class='result-link' href='https://crab.example/'>Crabs</a></td></tr>\
                        <tr><td class='result-snippet'>All about crabs</td></tr></table>";
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(async || axum::response::Html(PAGE));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let code = "results = web_search('crabs')\nprint(results)\nprint(results[:0], type(results) is list, [*results][0]['url'])\n\
                final_answer(results[0]['title'])";
    let result = run(agent(&[code]).tool(WebSearch::new().base_url(url))).await;
    assert_eq!(result.text, "Crabs", "{result:#?}");
    let expected = "Printed output:\n1. title: Crabs\n   url: https://crab.example/\n   snippet: All about crabs\n\
                    (nothing) False https://crab.example/";
    assert!(result.steps[0].observations.starts_with(expected), "{result:#?}");
}

/// Never ends by itself.
#[tool(timeout = "20ms")]
fn hang() {
    loop {
        std::thread::park();
    }
}

/// Gives more than anybody can take.
#[tool]
fn flood() -> String {
    "x".repeat(100_000_000)
}

/// Panics.
#[tool(effect = "pure")]
fn explode() -> i64 {
    panic!("out of luck")
}

#[tokio::test]
async fn tools_that_misbehave_are_exceptions_in_the_code() {
    let text =
        ToolSpec { output: json!({"type": "string"}), ..ToolSpec::new("lie", "Gives what it does not say.") };
    let lie = FunctionTool::new(text, |_| async { Ok(json!(7)) });
    let code = "for tool in [hang, flood, explode, lie]:\n    try:\n        tool()\n    except ToolError as error:\n        \
                print(str(error).splitlines()[0])\nfinal_answer(web_search('x'))";
    let result = run(agent(&[code]).tool(hang).tool(flood).tool(explode).tool(lie).tool(web_search)).await;
    let expected = "Printed output:\n\
        `hang` was given up after 20ms, its time limit\n\
        `flood` gave a result of more than 16777216 bytes, the most that is taken\n\
        `explode` failed: the tool `explode` panicked: out of luck\n\
        `lie` gave a result that is not of its own schema: 7 is not of type \"string\"";
    assert!(result.steps[0].observations.starts_with(expected), "{result:#?}");
    assert_eq!(result.text, "results for x", "{result:#?}");
}

#[tokio::test]
async fn a_toolbox_is_what_an_agent_is_given() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hello.txt"), "Hello!").unwrap();
    let files = Folder::open(folder.path()).unwrap().reading().prefixed("my_");
    let toolbox = Toolbox::new().with(web_search).unwrap().with(FinalAnswerTool::new()).unwrap();
    let toolbox = toolbox.merge(files).unwrap().rename("my_read_file", "read").unwrap();
    let code = "final_answer([read('hello.txt'), my_list_files()[0]['bytes'], web_search('y')])";
    let result = run(agent(&[code]).tools(toolbox)).await;
    assert_eq!(result.output, json!(["Hello!", 6, "results for y"]), "{result:#?}");
}
