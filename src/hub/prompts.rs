//! The words of an agent for the original's Python: its templates, by its variables. This crate's own agents have their
//! words from its core, where the variables are others; so these are written and never read.

use crate::Agent;
use smol_core::run::Strategy;
use smol_hub::folder::Prompts;

const CODE: &str = include_str!("prompts/code.yaml");
const TOOL_CALLING: &str = include_str!("prompts/tool_calling.yaml");
const BOTH: &str = include_str!("prompts/both.yaml");

/// The templates of `agent`.
pub(super) fn of(agent: &Agent) -> Prompts {
    let own = match agent.strategy() {
        Strategy::Code => CODE,
        Strategy::ToolCalling => TOOL_CALLING,
    };
    let text = own.to_owned() + BOTH;
    let mut prompts = Prompts::read(&text).unwrap_or_default();
    if let Some(serde_json::Value::String(system)) = prompts.0.get_mut("system_prompt") {
        system.push_str(&literally(agent.instructions()));
    }
    prompts
}

/// A text that a template engine leaves as it is.
fn literally(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = text.replace("{% endraw %}", "{% endraw %}{{ '{% endraw %}' }}{% raw %}");
    format!("\n\n{{% raw %}}{text}{{% endraw %}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ToolCallingAgent, models::scripted::ScriptedModel};

    #[test]
    fn every_template_of_the_original_is_there() {
        let agent = ToolCallingAgent::builder(ScriptedModel::new([])).instructions("Use {{ braces }}.");
        let prompts = of(&agent.build().unwrap());
        assert_eq!(prompts.keys(), ["system_prompt", "planning", "managed_agent", "final_answer"]);
        let part = |pointer: &str| {
            serde_json::Value::Object(prompts.0.clone()).pointer(pointer).unwrap().to_string()
        };
        for pointer in [
            "/planning/initial_plan",
            "/planning/update_plan_pre_messages",
            "/planning/update_plan_post_messages",
            "/managed_agent/task",
            "/managed_agent/report",
            "/final_answer/pre_messages",
            "/final_answer/post_messages",
        ] {
            assert!(part(pointer).len() > 20, "{pointer}");
        }
        assert!(part("/system_prompt").contains("{% raw %}Use {{ braces }}.{% endraw %}"));
        assert!(Prompts::read(&(CODE.to_owned() + BOTH)).unwrap().keys().len() == 4);
    }
}
