//! Agents written down, and read again.

use crate::{code_agent, fixture, sandboxes, scripted};
use serde_json::{Value, json};
use smolagents::{
    CodeAgent, ToolCallingAgent,
    hub::{
        LoadedTool, ShareAgent, ShareError,
        folder::{AgentFolder, Files},
        from_folder, tool_from_folder,
    },
    tools::{self, WebSearch},
};
use std::{fs, path::Path};

fn desk() -> AgentFolder {
    AgentFolder::read(&Files::from_folder(fixture("weather_desk")).unwrap()).unwrap()
}

#[test]
fn a_folder_is_seen_at_a_glance() {
    let summary = serde_json::to_value(desk().summary()).unwrap();
    let imports = [
        "collections",
        "datetime",
        "itertools",
        "json",
        "math",
        "queue",
        "random",
        "re",
        "stat",
        "statistics",
        "time",
        "unicodedata",
    ];
    let expect = json!({
        "name": "weather_desk",
        "class": "CodeAgent",
        "tools": ["celsius", "final_answer"],
        "managed_agents": {"scribe": "ToolCallingAgent"},
        "model": {
            "class": "InferenceClientModel",
            "data": {"temperature": 0.2, "model_id": "Qwen/Qwen2.5-Coder-32B-Instruct"},
        },
        "prompts": ["system_prompt", "planning", "managed_agent", "final_answer"],
        "authorized_imports": imports,
        "executor_type": "local",
        "max_steps": 7,
        "requirements": ["json", "smolagents"],
    });
    assert_eq!(summary, expect);
    let keys: Vec<&String> = summary.as_object().unwrap().keys().collect();
    assert_eq!(keys, expect.as_object().unwrap().keys().collect::<Vec<_>>());
}

#[test]
fn what_was_read_is_written_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    from_folder(fixture("weather_desk")).unwrap().save(folder.path()).unwrap();
    let (before, after) =
        (Files::from_folder(fixture("weather_desk")).unwrap(), Files::from_folder(&folder).unwrap());
    let text = |files: &Files, path: &str| files.text(path).unwrap().unwrap().to_owned();
    for path in
        ["tools/celsius.py", "app.py", "requirements.txt", "managed_agents/scribe/tools/word_count.py"]
    {
        assert_eq!(text(&before, path), text(&after, path), "{path}");
    }
    for path in ["agent.json", "managed_agents/scribe/agent.json"] {
        let value = |files| serde_json::from_str::<Value>(&text(files, path)).unwrap();
        assert_eq!(value(&before), value(&after), "{path}");
    }
}

#[tokio::test]
async fn an_agent_is_saved_with_all_it_manages_and_loaded_again() {
    let celsius = tool_from_folder(fixture("celsius")).unwrap().tool(sandboxes()).unwrap();
    let counter = tool_from_folder(fixture("word_count")).unwrap().tool(sandboxes()).unwrap();
    let scribe =
        ToolCallingAgent::builder(scripted([])).name("scribe").description("Counts.").tools([counter]);
    let agent = code_agent([])
        .tools([celsius])
        .tool(WebSearch::new())
        .managed_agent(scribe.build().unwrap())
        .name("Weather Desk")
        .max_steps(5)
        .planning_interval(2)
        .instructions("Be brief: {{ always }}.")
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    agent.save(folder.path().join("desk")).unwrap();
    let file = fs::read_to_string(folder.path().join("desk/tools/web_search.py")).unwrap();
    assert_eq!(file, "from smolagents import WebSearchTool\n");
    let loaded = from_folder(folder.path().join("desk")).unwrap();
    // The original calls agents by identifiers alone.
    assert_eq!(loaded.folder().file.name.as_deref(), Some("Weather_Desk"));
    assert_eq!(loaded.model_id().unwrap().id, "test/scripted");
    assert_eq!(loaded.executor(), sandboxes().name());
    let again = loaded.builder(scripted([]), sandboxes()).unwrap().build().unwrap();
    assert_eq!(again.visualize(), agent.visualize());
    assert_eq!((again.instructions(), again.planning_interval()), ("Be brief: {{ always }}.", Some(2)));
    // In the original's own process any import would be no small thing.
    let summary = loaded.folder().summary();
    assert!(!summary.authorized_imports.unwrap().iter().any(|module| module == "*" || module == "os"));
    assert_eq!(summary.requirements, ["requests", "smolagents"]);
}

#[test]
fn a_native_tool_has_no_source_and_nothing_is_written() {
    #[smolagents::tool]
    /// Adds.
    fn add(a: i64, b: i64) -> i64 {
        a + b
    }
    let scribe = ToolCallingAgent::builder(scripted([])).name("scribe").tool(add).build().unwrap();
    let agent = CodeAgent::builder(scripted([])).executor(sandboxes()).managed_agent(scribe).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = agent.save(folder.path().join("new")).unwrap_err();
    assert!(matches!(&error, ShareError::Native { tools } if tools == &["add"]), "{error:?}");
    assert!(error.to_string().contains("`smolagent mcp serve`"), "{error}");
    assert!(!folder.path().join("new").exists());
}

#[test]
fn keys_are_never_written_and_others_are_pointed_at() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("agent.json"),
        r#"{"class": "CodeAgent", "model": {"class": "OpenAIModel", "data": {"model_id": "m", "api_key": "sk-left", "max_tokens": 5}}}"#,
    )
    .unwrap();
    let agent = from_folder(folder.path()).unwrap();
    assert!(agent.review().to_string().contains("agent.json holds what looks like a secret: `api_key`"));
    assert!(!serde_json::to_string(&agent.folder().summary()).unwrap().contains("sk-left"));
}

#[test]
fn a_tool_is_saved_as_the_original_does() {
    let code = "from smolagents import tool\n\n@tool\ndef shout(text: str) -> str:\n    '''Louder.\n\n    Args:\n        text: What.\n    '''\n    return text.upper()\n";
    let folder = tempfile::tempdir().unwrap();
    LoadedTool::from_code(code).unwrap().save(folder.path()).unwrap();
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert!(read("tool.py").contains("class SimpleTool(Tool):"), "{}", read("tool.py"));
    assert!(read("app.py").contains("from tool import SimpleTool"));
    assert_eq!(read("requirements.txt"), "smolagents\n");
    let again = tool_from_folder(folder.path()).unwrap();
    assert_eq!(again.source().unwrap().name, "shout");
    assert!(again.page().unwrap().contains("| `text` | string | no | What. |"));
}

#[test]
fn what_is_no_agent_is_told() {
    let check = |folder: &Path, expect: &str| {
        let error = from_folder(folder).err().unwrap().to_string();
        assert!(error.contains(expect), "{error}");
    };
    check(&fixture("celsius"), "holds a tool, and not an agent");
    check(&fixture(""), "holds neither a `tool.py` nor an `agent.json`");
    check(Path::new("no/such/folder"), "could not read `no/such/folder`");
    assert!(tools::by_name("web_search", &sandboxes()).is_ok());
}
