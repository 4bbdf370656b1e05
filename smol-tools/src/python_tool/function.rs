//! A tool as a function under `@tool`: its hints are the types, its docstring is the words.

use super::{
    attributes,
    docstring::Docstring,
    hints,
    module::Module,
    signature::{Parameter, Signature},
    source::Draft,
};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use serde_json::{Map, Value};
use std::ops::Range;

/// Whether `function` stands under `@tool`.
pub(super) fn is_tool(module: &Module<'_>, function: &StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(|decorator| module.means(&decorator.expression, "tool"))
}

/// Where the `@tool` above `function` stands in the file.
pub(super) fn mark(module: &Module<'_>, function: &StmtFunctionDef) -> Range<usize> {
    let mut marks = function.decorator_list.iter();
    let mark = marks.find(|decorator| module.means(&decorator.expression, "tool"));
    mark.map_or(0..0, |mark| mark.range.start().to_usize()..mark.range.end().to_usize())
}

/// What `function` says of its tool.
pub(super) fn read(module: &Module<'_>, function: &StmtFunctionDef) -> Draft {
    let name = function.name.id.as_str();
    let marks =
        function.decorator_list.iter().filter(|decorator| module.means(&decorator.expression, "tool"));
    if marks.count() > 1 {
        module.fatal(&function.name, format!("`{name}` stands under more than one `@tool`"));
    }
    if function.is_async {
        module.fatal(&function.name, format!("`{name}` is an `async def`, which nobody would await"));
    }
    if !name.is_ascii() {
        module.fatal(&function.name, format!("`{name}` cannot name a tool: use plain letters"));
    }
    let docstring = Docstring::read(text(function));
    if docstring.description.is_empty() {
        module.fatal(&function.name, format!("`{name}` has no docstring, which is what the model reads"));
    }
    let signature = Signature::of(function, false);
    let inputs =
        signature.parameters.iter().map(|found| (found.name.to_owned(), input(module, &docstring, found)));
    Draft {
        name: name.to_owned(),
        inputs: inputs.collect(),
        output_type: output_type(module, function, &signature),
        output_schema: None,
        defaults: signature.defaults(),
        description: docstring.description,
    }
}

/// The docstring; empty if there is none.
fn text(function: &StmtFunctionDef) -> &str {
    let Some(Stmt::Expr(first)) = function.body.first() else { return "" };
    match &*first.value {
        Expr::StringLiteral(text) => text.value.to_str(),
        _ => "",
    }
}

fn input(module: &Module<'_>, docstring: &Docstring, parameter: &Parameter<'_>) -> Value {
    let Parameter { name, at, annotation, default } = *parameter;
    let mut input = match annotation.map(hints::schema) {
        Some(Some(schema)) => schema,
        Some(None) => {
            module.refused(&at, format!("the type of `{name}` says nothing that the original understands"));
            any()
        }
        None => {
            module.refused(&at, format!("the parameter `{name}` has no type"));
            any()
        }
    };
    if default.is_some() {
        input.insert("nullable".to_owned(), true.into());
    }
    match docstring.arguments.get(name) {
        Some(words) => describe(&mut input, words),
        None => {
            module.refused(&at, format!("the docstring says nothing of `{name}` under `Args:`"));
            describe(&mut input, "");
        }
    }
    Value::Object(input)
}

fn any() -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), "any".into())])
}

/// The words of an argument, whose end may list its choices: `(choices: ["tea", "coffee"])`.
fn describe(input: &mut Map<String, Value>, words: &str) {
    let choices = words.trim_end().strip_suffix(')').and_then(|words| words.rsplit_once("(choices:"));
    let listed =
        choices.and_then(|(words, list)| Some((words, serde_json::from_str::<Vec<Value>>(list).ok()?)));
    let words = match listed {
        Some((words, list)) => {
            input.insert("enum".to_owned(), list.into());
            words.trim()
        }
        None => words,
    };
    input.insert("description".to_owned(), words.into());
}

/// The type of the result, which may be left out only where there are no arguments either.
fn output_type(module: &Module<'_>, function: &StmtFunctionDef, signature: &Signature<'_>) -> String {
    let Some(returns) = &function.returns else {
        if !signature.parameters.is_empty() {
            module.refused(&function.name, format!("`{}` does not say what it returns", function.name.id));
            return "any".to_owned();
        }
        return "null".to_owned();
    };
    let kind = hints::schema(returns).and_then(|schema| schema.get("type")?.as_str().map(str::to_owned));
    kind.filter(|kind| attributes::TYPES.contains(&kind.as_str())).unwrap_or_else(|| "any".to_owned())
}
