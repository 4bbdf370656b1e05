//! `app.py`: the page that a Space shows for an agent or a tool, by the original's Gradio interface.

use super::AgentFile;

/// The page of an agent. It loads the folder it lies in, so it says nothing twice.
pub(super) fn of_agent(file: &AgentFile) -> String {
    let class = &file.class;
    let name = file.name.as_deref().filter(|name| is_plain(name));
    let variable = name.map_or_else(|| "agent".to_owned(), |name| format!("agent_{name}"));
    format!(
        "from pathlib import Path\n\nfrom smolagents import {class}, GradioUI\n\n\
         {variable} = {class}.from_folder(Path(__file__).parent)\n\n\
         if __name__ == \"__main__\":\n    GradioUI({variable}).launch()\n"
    )
}

/// The page of a tool.
pub(super) fn of_tool(class: &str) -> String {
    format!(
        "from smolagents import launch_gradio_demo\nfrom tool import {class}\n\nlaunch_gradio_demo({class}())\n"
    )
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
