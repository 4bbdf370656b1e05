//! Calls of names that nothing can have bound.

use super::{
    FINAL_ANSWER, LONGEST, Lines, MOST_FAULTS, bindings::Bindings, mentions::Mentions, parse,
    reader::PlainCall,
};
use ruff_python_ast::ModModule;
use ruff_python_parser::Parsed;
use ruff_python_stdlib::builtins::{is_python_builtin, python_builtins};
use ruff_text_size::TextSize;
use smol_core::inspect::Session;
use std::collections::HashSet;

/// The minor version of the sandbox's Python.
const PYTHON: u8 = 14;

/// What the sandbox defines besides the tools.
const GIVEN: [&str; 2] = [FINAL_ANSWER, "ToolError"];

/// Longer names are not compared with others, in bytes.
const LONGEST_NAME: usize = 64;

/// One fault for each name that is called and not defined, at its first call. `bound` is what the block binds.
pub(super) fn faults(
    calls: &[PlainCall<'_>],
    bound: &HashSet<&str>,
    session: &Session<'_>,
    lines: &Lines,
) -> Vec<(TextSize, String)> {
    let mut seen = HashSet::new();
    let called = calls.iter().filter(|call| !call.expected.unknown_names).map(|call| (call.name, call.at));
    let mut unknown: Vec<(&str, TextSize)> = called
        .filter(|(name, _)| !bound.contains(name) && seen.insert(*name) && !is_given(name, session))
        .collect();
    if unknown.is_empty() || session.earlier.iter().any(|block| block.len() > LONGEST) {
        return Vec::new();
    }
    // A block that does not parse has bound nothing.
    let earlier: Vec<Parsed<ModModule>> = session.earlier.iter().filter_map(|block| parse(block)).collect();
    if earlier.iter().any(|block| Mentions::of(block.suite()).binds_anything) {
        return Vec::new();
    }
    let mut bound = bound.clone();
    bound.extend(earlier.iter().flat_map(|block| Bindings::anywhere(block.suite())));
    unknown.retain(|(name, _)| !bound.contains(name));
    unknown.truncate(MOST_FAULTS);

    let mut tools = tools(session);
    let fault = |(name, at): (&str, TextSize)| {
        let line = lines.of(at);
        let advice = match nearest(name, &bound, session) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "import or define it first".to_owned(),
        };
        (at, format!("`{name}` on line {line} is not defined: {advice}{}", std::mem::take(&mut tools)))
    };
    unknown.into_iter().map(fault).collect()
}

fn is_given(name: &str, session: &Session<'_>) -> bool {
    // Python itself gives modules, classes and functions names with two underscores.
    name.starts_with("__")
        || GIVEN.contains(&name)
        || is_python_builtin(name, PYTHON, false)
        || session.variables.contains(&name)
        || session.tools.iter().any(|tool| tool.name == name)
}

/// The defined name that `name` may have been meant to be: a third of its letters may differ.
fn nearest<'a>(name: &str, bound: &HashSet<&'a str>, session: &Session<'a>) -> Option<&'a str> {
    let tools = session.tools.iter().map(|tool| tool.name.as_str());
    let own = tools.chain([FINAL_ANSWER]).map(|known| (0, known));
    let others = session.variables.iter().chain(bound).map(|known| (1, *known));
    let candidates = own.chain(others).chain(python_builtins(PYTHON, false).map(|known| (2, known)));
    let is_comparable = |known: &str| name.len().max(known.len()) <= LONGEST_NAME;
    let compared = candidates.filter(|(_, known)| is_comparable(known)).map(|(rank, known)| {
        let distance = strsim::osa_distance(&name.to_lowercase(), &known.to_lowercase());
        (distance, rank, name.chars().next() != known.chars().next(), known)
    });
    let (.., near) = compared.filter(|(distance, ..)| *distance <= name.chars().count() / 3).min()?;
    Some(near)
}

/// Words about the tools there are.
fn tools(session: &Session<'_>) -> String {
    let names = session.tools.iter().map(|tool| tool.name.as_str()).filter(|name| *name != FINAL_ANSWER);
    let names: Vec<String> = names.chain([FINAL_ANSWER]).map(|name| format!("`{name}`")).collect();
    format!(" (tools: {})", names.join(", "))
}
