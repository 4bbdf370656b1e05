//! What must hold of any file that somebody shares: reading it never fails in other ways than by an error, and what was
//! read means the same when it is written and read again.

use smol_hub::folder::{AgentFolder, Files, Prompts};
use smol_tools::{ToolSource, original_tool};

/// Reads `text` as the source of a tool.
pub fn check_tool(text: &str) {
    let _ = original_tool(text);
    let Ok(source) = ToolSource::read(text) else { return };
    let spec = source.spec();
    assert_eq!(spec.name, source.name);
    let properties = spec.input["properties"].as_object().expect("the arguments have a schema");
    assert!(properties.keys().eq(source.inputs.keys()));
    if !source.is_function {
        assert_eq!(source.as_class(), text);
    }
}

/// Reads `text` as each of the files of an agent.
pub fn check_agent(text: &str) {
    let _ = Prompts::read(text);
    let mut files = Files::new();
    files.insert("agent.json", text).expect("it is small");
    files.insert("prompts.yaml", text).expect("it is small");
    for name in ["a", "b"] {
        files.insert(format!("tools/{name}.py"), text).expect("it is small");
        files.insert(format!("managed_agents/{name}/agent.json"), text).expect("it is small");
    }
    files_are_kept(&files);
    let mut alone = Files::new();
    alone.insert("agent.json", text).expect("it is small");
    files_are_kept(&alone);
}

fn files_are_kept(files: &Files) {
    let Ok(read) = AgentFolder::read(files) else { return };
    let Ok(written) = read.files() else { return };
    let again = AgentFolder::read(&written).expect("what was written can be read");
    assert_eq!(
        (&again.file.tools, &again.file.others, &again.tools),
        (&read.file.tools, &read.file.others, &read.tools)
    );
    assert_eq!(again.prompts, read.prompts);
}
