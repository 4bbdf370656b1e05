//! Code can be read before it runs: which tools it may call, and what in it cannot work.
//!
//! A question asked before a block runs costs nothing; the same fault found while it runs costs a step, and whatever
//! the tools before it did to the world. [`PythonInspector`] knows the grammar from Ruff's parser and follows names
//! through scopes as Python does. Where it cannot know, it names one tool too many and one fault too few.

mod arguments;
mod bindings;
mod handlers;
mod mentions;
mod reader;
mod scopes;
#[cfg(test)]
mod tests;
mod unknown;

pub use smol_core::inspect::{Inspection, Inspector, PossibleCall, Session};

use bindings::Bindings;
use mentions::Mentions;
use reader::Reader;
use ruff_python_ast::{ModModule, visitor::Visitor};
use ruff_python_parser::{Parsed, parse_module};
use ruff_source_file::LineIndex;
use ruff_text_size::TextSize;
use smol_core::tool::ToolSpec;
use std::collections::HashMap;

/// Longer code is not read, in bytes. No model writes as much in one block; the trees of nonsense would be as deep.
const LONGEST: usize = 64 * 1024;

/// The stack on which code is read, in bytes. A tree can be as deep as its code is long, and is dropped by recursion:
/// all else that recurses asks for more where it needs it.
const STACK: usize = 32 * 1024 * 1024;

/// What one step down a tree may take of the stack, and what it is given where less is left.
const RED_ZONE: usize = 128 * 1024;
const SEGMENT: usize = 4 * 1024 * 1024;

/// More faults of one block would only hide the first ones.
const MOST_FAULTS: usize = 10;

/// The end of a run is a function of the sandbox, not a tool.
const FINAL_ANSWER: &str = "final_answer";

/// Reads Python 3.14 as the embedded sandbox runs it.
///
/// A tool is found where the block itself names it. What a function of an earlier block calls is not looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct PythonInspector;

impl Inspector for PythonInspector {
    fn inspect(&self, code: &str, session: &Session<'_>) -> Inspection {
        stacker::grow(STACK, || read(code, session))
    }
}

fn read(code: &str, session: &Session<'_>) -> Inspection {
    let Some(block) = parse(code) else { return Inspection::default() };
    let tools = session.tools.iter().filter(|tool| tool.name != FINAL_ANSWER);
    let tools: HashMap<&str, &ToolSpec> = tools.map(|tool| (tool.name.as_str(), tool)).collect();
    let mentions = Mentions::of(block.suite());
    let mut reader = Reader::new(&tools, &mentions);
    reader.visit_body(block.suite());
    let Reader { uses, calls: plain, .. } = reader;

    let lines = Lines(LineIndex::from_source_text(code));
    let mut faults = Vec::new();
    if !mentions.binds_anything {
        let bound = Bindings::anywhere(block.suite());
        faults.extend(arguments::faults(&plain, &tools, &bound, &lines));
        faults.extend(unknown::faults(&plain, &bound, session, &lines));
    }
    faults.sort();
    faults.truncate(MOST_FAULTS);
    let faults = faults.into_iter().map(|(_, fault)| fault).collect();
    Inspection { calls: calls(uses, &tools, &lines), faults }
}

/// Gives `walk` more stack where little is left.
fn deeper<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, SEGMENT, walk)
}

/// The tree of code that parses, and is not too long.
fn parse(code: &str) -> Option<Parsed<ModModule>> {
    if code.len() > LONGEST { None } else { parse_module(code).ok() }
}

/// Tools by where they are first named.
fn calls(
    mut uses: Vec<(TextSize, &str)>,
    tools: &HashMap<&str, &ToolSpec>,
    lines: &Lines,
) -> Vec<PossibleCall> {
    uses.sort_by_key(|(at, _)| *at);
    let mut calls: Vec<PossibleCall> = Vec::new();
    for (at, name) in uses {
        let line = lines.of(at);
        match calls.iter_mut().find(|call| call.tool == name) {
            Some(call) if call.lines.last() == Some(&line) => {}
            Some(call) => call.lines.push(line),
            None => calls.extend(tools.get(name).map(|tool| PossibleCall {
                tool: tool.name.clone(),
                effect: tool.effect,
                lines: vec![line],
            })),
        }
    }
    calls
}

/// Where the lines of the code begin.
struct Lines(LineIndex);

impl Lines {
    /// The line at an offset, from 1.
    fn of(&self, at: TextSize) -> u32 {
        u32::try_from(self.0.line_index(at).get()).unwrap_or(u32::MAX)
    }
}
