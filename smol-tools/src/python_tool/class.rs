//! A tool as a class: its attributes, and the method `forward`.

use super::{
    attributes,
    literal::literal,
    module::{Module, plain_name},
    signature::{Parameter, Signature},
    source::Draft,
};
use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtFunctionDef};
use serde_json::Value;

/// What stands behind one name in a class, or in one of its bases.
pub(super) struct Attributes<'a> {
    lineage: Vec<&'a StmtClassDef>,
}

impl<'a> Attributes<'a> {
    /// The value that `name` is given: in the class, else by `self.name = …` in its `__init__`, else in a base.
    pub(super) fn value(&self, name: &str) -> Option<&'a Expr> {
        self.lineage.iter().find_map(|class| {
            let in_class =
                class.body.iter().filter_map(|statement| assigned(statement, name, is_plain)).last();
            let in_init = || {
                method(class, "__init__")?.body.iter().filter_map(|line| assigned(line, name, is_own)).last()
            };
            in_class.or_else(in_init)
        })
    }

    pub(super) fn method(&self, name: &str) -> Option<&'a StmtFunctionDef> {
        self.lineage.iter().find_map(|class| method(class, name))
    }
}

fn method<'a>(class: &'a StmtClassDef, name: &str) -> Option<&'a StmtFunctionDef> {
    class.body.iter().filter_map(Stmt::as_function_def_stmt).find(|function| function.name.id == name)
}

/// The value of a statement that assigns to `name`.
fn assigned<'a>(statement: &'a Stmt, name: &str, is: fn(&Expr, &str) -> bool) -> Option<&'a Expr> {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(|target| is(target, name)).then_some(&assign.value),
        Stmt::AnnAssign(assign) if is(&assign.target, name) => assign.value.as_deref(),
        _ => None,
    }
}

fn is_plain(target: &Expr, name: &str) -> bool {
    plain_name(target) == Some(name)
}

fn is_own(target: &Expr, name: &str) -> bool {
    let Expr::Attribute(attribute) = target else { return false };
    attribute.attr.id == name && plain_name(&attribute.value) == Some("self")
}

/// What `class` says of its tool.
pub(super) fn read<'a>(module: &Module<'a>, class: &'a StmtClassDef) -> Draft {
    let all = Attributes { lineage: module.lineage(class) };
    let mut draft = Draft {
        name: attributes::name(module, class, all.value("name")),
        description: attributes::text(module, class, "description", all.value("description")),
        inputs: attributes::inputs(module, class, all.value("inputs")),
        output_type: attributes::output_type(module, class, all.value("output_type")),
        output_schema: attributes::output_schema(module, all.value("output_schema")),
        ..Draft::default()
    };
    check_init(module, all.method("__init__"));
    let Some(forward) = all.method("forward") else {
        module.fatal(&class.name, format!("`{}` has no method `forward`", class.name.id));
        return draft;
    };
    if forward.is_async {
        module.fatal(&forward.name, "`forward` is an `async def`, which nobody would await");
    }
    let signature = Signature::of(forward, true);
    let is_checked =
        all.value("skip_forward_signature_validation").and_then(literal) != Some(Value::Bool(true));
    if is_checked {
        attributes::compare(module, forward, &signature, &draft.inputs);
    }
    draft.defaults = signature.defaults();
    draft
}

/// Whoever loads the tool makes it without arguments.
fn check_init(module: &Module<'_>, init: Option<&StmtFunctionDef>) {
    let signature = init.map(|init| Signature::of(init, true));
    for Parameter { name, at, default, .. } in
        signature.into_iter().flat_map(|signature| signature.parameters)
    {
        match default {
            None => module.fatal(&at, format!("the parameter `{name}` of `__init__` has no default")),
            Some(default) if literal(default).is_none() => {
                let text = format!("the default of the parameter `{name}` of `__init__` is no literal");
                module.refused(&at, text);
            }
            Some(_) => {}
        }
    }
}
