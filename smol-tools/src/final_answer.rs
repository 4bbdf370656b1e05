//! `final_answer`: the tool by which an agent ends its run.

use serde_json::Value;
use smol_core::{
    final_answer_spec,
    tool::{Tool, ToolError, ToolSpec},
};

/// The tool `final_answer(answer)`. Every agent has it: given to one once more, as the original's agents are, it changes
/// nothing. Outside of an agent it gives back what it is given.
pub struct FinalAnswer {
    spec: ToolSpec,
}

impl Default for FinalAnswer {
    fn default() -> Self {
        Self::new()
    }
}

impl FinalAnswer {
    /// The tool.
    pub fn new() -> Self {
        Self { spec: final_answer_spec() }
    }
}

#[async_trait::async_trait]
impl Tool for FinalAnswer {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, mut arguments: Value) -> Result<Value, ToolError> {
        Ok(arguments.get_mut("answer").map(Value::take).unwrap_or_default())
    }

    fn python_source(&self) -> Option<String> {
        (self.spec().name == "final_answer").then(|| "from smolagents import FinalAnswerTool\n".to_owned())
    }
}
