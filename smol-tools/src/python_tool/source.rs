//! What a `tool.py` says of its tool.

use super::{
    class, deeper,
    fault::{Fault, Faults},
    function,
    module::{Module, parse},
    reach::{self, Reach},
    rules, schema,
};
use serde_json::{Map, Value};
use smol_core::tool::ToolSpec;
use std::{collections::BTreeSet, ops::Range};

/// The stack on which code is read, in bytes: trees are dropped by recursion, and can be as deep as code is long.
pub(super) const STACK: usize = 128 * 1024 * 1024;

/// The source of a tool, read and not run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ToolSource {
    /// What code calls it.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// Its arguments as the file has them: each name with its `type`, `description` and whatever else is said.
    pub inputs: Map<String, Value>,
    /// One of the original's types, such as `string`.
    pub output_type: String,
    /// JSON Schema of the result, where the file has one.
    pub output_schema: Option<Value>,
    /// The class or function that makes it.
    pub class: String,
    /// Whether it is a function under `@tool`, and no class.
    pub is_function: bool,
    /// The top-level modules that it imports, beside Python's own and `smolagents`.
    pub imports: BTreeSet<String>,
    /// What its code could reach for, if its sandbox has it.
    pub reach: BTreeSet<Reach>,
    /// What the original's Python would refuse. Here the tool works all the same.
    pub faults: Vec<Fault>,
    /// The file.
    pub code: String,
    /// What each argument is when it is left out, where the code says so by a literal.
    pub(super) defaults: Map<String, Value>,
    /// Where `@tool` stands above a function.
    mark: Range<usize>,
}

/// What a class or a function says.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) inputs: Map<String, Value>,
    pub(super) output_type: String,
    pub(super) output_schema: Option<Value>,
    pub(super) defaults: Map<String, Value>,
}

impl ToolSource {
    /// Reads a file. Of several tools in it the class that comes first in the alphabet is taken, as the original does;
    /// a function only where there is no class.
    ///
    /// # Errors
    /// All faults of the file together, if one of them makes it useless.
    pub fn read(code: &str) -> Result<Self, Faults> {
        stacker::grow(STACK, || read(code))
    }

    /// What the model is told. A tool that could reach the network or start processes counts as one that writes; what it
    /// gives may be what strangers wrote.
    pub fn spec(&self) -> ToolSpec {
        schema::spec(self)
    }

    /// The file as the original loads it: it takes classes alone, so a function gets one that calls it.
    pub fn as_class(&self) -> String {
        if !self.is_function {
            return self.code.clone();
        }
        let names: Vec<&str> = self.inputs.keys().map(String::as_str).collect();
        let class = schema::class(self, &names);
        // Under `@tool` the original looks for the file of the function, and what it loads has none. Its line stays, empty,
        // so that errors name the lines that were written.
        let (before, after) = (self.code.get(..self.mark.start), self.code.get(self.mark.end..));
        let code = before.unwrap_or_default().to_owned() + after.unwrap_or_default();
        format!("{}\n\n\n{class}", code.trim_end())
    }
}

fn read(code: &str) -> Result<ToolSource, Faults> {
    let tree = parse(code).map_err(|fault| Faults(vec![fault]))?;
    let module = Module::new(code, &tree);
    let class =
        module.classes().filter(|class| module.is_tool(class)).min_by_key(|class| class.name.id.as_str());
    let function = module.functions().find(|function| function::is_tool(&module, function));
    let (draft, name) = match (class, function) {
        (Some(class), _) => {
            rules::check_class(&module, class);
            (class::read(&module, class), class.name.id.to_string())
        }
        (None, Some(function)) => {
            rules::check_function(&module, function);
            (function::read(&module, function), function.name.id.to_string())
        }
        (None, None) => {
            let text = "there is no class that derives from `Tool`, and no function under `@tool`".to_owned();
            return Err(Faults(vec![Fault { line: 1, text, is_fatal: true }]));
        }
    };
    let mark = function.map_or(0..0, |function| function::mark(&module, function));
    let (imports, reach) = deeper(|| reach::of(module.body));
    let faults = module.into_faults();
    if faults.iter().any(|fault| fault.is_fatal) {
        return Err(Faults(faults));
    }
    let Draft { name: tool, description, inputs, output_type, output_schema, defaults } = draft;
    Ok(ToolSource {
        name: tool,
        description,
        inputs,
        output_type,
        output_schema,
        class: name,
        is_function: class.is_none(),
        mark,
        imports,
        reach,
        faults,
        code: code.to_owned(),
        defaults,
    })
}
