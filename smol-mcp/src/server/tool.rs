//! A tool of ours as a tool of the protocol.

use super::{ServeError, content};
use jsonschema::Validator;
use rmcp::model::{CallToolResult, Tool as ListedTool, ToolAnnotations};
use serde_json::{Map, Value, json};
use smol_core::{
    attempt::attempt,
    tool::{Effect, Tool, ToolSpec},
};
use std::sync::Arc;

/// A tool, with what checks calls of it.
pub(super) struct ServedTool {
    tool: Arc<dyn Tool>,
    arguments: Validator,
    shape: Shape,
}

/// How a result is given as a value.
enum Shape {
    /// Not at all: what it gives may be anything.
    Free,
    /// As it is.
    Object,
    /// As `result` of an object: the protocol has nothing but objects there.
    Wrapped,
}

impl ServedTool {
    pub(super) fn new(tool: Arc<dyn Tool>) -> Result<(ListedTool, Self), ServeError> {
        let spec = tool.spec();
        let invalid = |cause: String| ServeError::Schema { name: spec.name.clone(), cause };
        let arguments = jsonschema::validator_for(&spec.input).map_err(|error| invalid(error.to_string()))?;
        let input = object(&spec.input).ok_or_else(|| invalid("the arguments are no object".to_owned()))?;
        let (shape, output) = shape(&spec.output);
        let mut listed = ListedTool::new(spec.name.clone(), spec.description.clone(), input);
        listed.output_schema = output.map(Arc::new);
        listed.annotations = Some(hints(spec));
        Ok((listed, Self { arguments, shape, tool }))
    }

    pub(super) async fn call(&self, arguments: Value) -> CallToolResult {
        let name = &self.tool.spec().name;
        if let Some(fault) = self.arguments.iter_errors(&arguments).next() {
            return failed(&format!(
                "wrong arguments for `{name}`: {fault} (at `{}`)",
                fault.instance_path()
            ));
        }
        match attempt(&*self.tool, arguments).await {
            Ok(value) => self.result(value),
            Err(error) => failed(&error.to_string()),
        }
    }

    fn result(&self, value: Value) -> CallToolResult {
        let mut result = CallToolResult::success(content::blocks(&value));
        result.structured_content = match self.shape {
            Shape::Free => None,
            Shape::Object => Some(value),
            Shape::Wrapped => Some(json!({"result": value})),
        };
        result
    }
}

/// A result that reports an error.
pub(super) fn failed(words: &str) -> CallToolResult {
    CallToolResult::error(vec![rmcp::model::ContentBlock::text(words)])
}

fn shape(output: &Value) -> (Shape, Option<Map<String, Value>>) {
    let Some(schema) = object(output).filter(|schema| !schema.is_empty()) else { return (Shape::Free, None) };
    if schema.get("type").and_then(Value::as_str) == Some("object") {
        return (Shape::Object, Some(schema));
    }
    // Its references point to its own root.
    let mut inner = output.clone();
    let definitions = inner.as_object_mut().and_then(|fields| fields.shift_remove("$defs"));
    let mut wrapped = json!({"type": "object", "properties": {"result": inner}, "required": ["result"]});
    if let (Some(fields), Some(definitions)) = (wrapped.as_object_mut(), definitions) {
        fields.insert("$defs".to_owned(), definitions);
    }
    (Shape::Wrapped, object(&wrapped))
}

fn object(value: &Value) -> Option<Map<String, Value>> {
    value.as_object().cloned()
}

fn hints(spec: &ToolSpec) -> ToolAnnotations {
    let writes = spec.effect == Effect::Writes;
    ToolAnnotations::new().read_only(!writes).destructive(writes).open_world(spec.untrusted)
}
