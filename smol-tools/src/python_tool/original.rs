//! The original's default tools, which are tools of this crate here: folders name them by their classes.

use super::module::{Module, bases, parse};
use ruff_python_ast::StmtClassDef;
use std::collections::HashSet;

/// The classes of the original, each with the name of its tool. Of several with one name the first is written.
const CLASSES: [(&str, &str); 11] = [
    ("FinalAnswerTool", "final_answer"),
    ("WebSearchTool", "web_search"),
    ("DuckDuckGoSearchTool", "web_search"),
    ("GoogleSearchTool", "web_search"),
    ("ApiWebSearchTool", "web_search"),
    ("VisitWebpageTool", "visit_webpage"),
    ("PythonInterpreterTool", "python_interpreter"),
    ("UserInputTool", "user_input"),
    ("WikipediaSearchTool", "wikipedia_search"),
    ("SpeechToTextTool", "transcriber"),
    // The one before, by the guide's name for it.
    ("TranscriptionTool", "transcribe_audio"),
];

/// The original's class for its default tool of this name, as in `from smolagents import WebSearchTool`.
pub fn original_class(name: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(_, tool)| *tool == name).map(|(class, _)| *class)
}

/// The name of the default tool that a file means: it holds, or only imports, one of the original's own classes and makes
/// no tool besides.
pub fn original_tool(code: &str) -> Option<&'static str> {
    stacker::grow(super::source::STACK, || {
        let tree = parse(code).ok()?;
        let module = Module::new(code, &tree);
        let own = module.classes().filter(|class| module.is_tool(class) || extends_one(&module, class));
        let own = own.map(|class| class.name.id.as_str());
        let imported = module.imported.values();
        let imported = imported.filter(|(from, _)| from.starts_with("smolagents")).map(|(_, name)| *name);
        let own: HashSet<&str> = own.collect();
        let candidates: Vec<&str> =
            if own.is_empty() { imported.collect() } else { own.into_iter().collect() };
        let known = |class: &&str| CLASSES.iter().find(|(name, _)| name == class).map(|(_, tool)| *tool);
        let found: Vec<&'static str> = candidates.iter().filter_map(known).collect();
        let others = candidates
            .iter()
            .filter(|class| known(class).is_none() && class.ends_with("Tool") && **class != "Tool");
        match found.as_slice() {
            [one] if others.count() == 0 => Some(*one),
            _ => None,
        }
    })
}

/// Whether a class is made of one of the original's, and so may do something else.
fn extends_one(module: &Module<'_>, class: &StmtClassDef) -> bool {
    bases(class).any(|base| CLASSES.iter().any(|(name, _)| module.means(base, name)))
}
