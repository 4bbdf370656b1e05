//! The original's rules for tools that are shared: a tool stands for itself, and what it is can be written down.
//!
//! The original holds the class alone to them, because it saves the class alone. Here the file stays whole, so what the
//! rest of the file defines is there.

use super::{
    bound::Bound,
    deeper,
    literal::is_literal,
    module::{Module, plain_name},
};
use ruff_python_ast::{
    Expr, ExprContext, ExprName, Stmt, StmtClassDef, StmtFunctionDef,
    visitor::{Visitor, walk_expr, walk_stmt},
};
use ruff_python_stdlib::builtins::{is_python_builtin, python_magic_globals};
use std::collections::HashSet;

/// The Python whose builtins are known, as 3.x.
pub(super) const MINOR: u8 = 14;

/// Holds a class to the rules.
pub(super) fn check_class<'a>(module: &Module<'a>, class: &'a StmtClassDef) {
    for statement in &class.body {
        match statement {
            Stmt::Assign(assign) if !is_literal(&assign.value) => {
                let names: Vec<&str> = assign.targets.iter().filter_map(plain_name).collect();
                let text = format!("`{}` is no literal: set it in `__init__`", names.join("`, `"));
                module.refused(&*assign.value, text);
            }
            Stmt::FunctionDef(function) => check_names(module, function, &class.body),
            _ => {}
        }
    }
}

/// Holds a function to the rules.
pub(super) fn check_function<'a>(module: &Module<'a>, function: &'a StmtFunctionDef) {
    check_names(module, function, &[]);
}

/// Every name that `function` reads must come from itself, its class, the file or Python.
fn check_names<'a>(module: &Module<'a>, function: &'a StmtFunctionDef, class: &'a [Stmt]) {
    let mut bound = Bound::default();
    bound.visit_body(module.body);
    class.iter().for_each(|statement| bound.visit_stmt(statement));
    let mut reader =
        Reader { bound: &bound.0, seen: HashSet::new(), unknown: Vec::new(), relative: Vec::new() };
    reader.visit_parameters(&function.parameters);
    reader.visit_body(&function.body);
    for name in reader.unknown {
        module.refused(name, format!("`{}` is not defined anywhere", name.id));
    }
    for import in reader.relative {
        module.refused(import, "it imports from a file beside it, which does not come with it");
    }
}

struct Reader<'a, 'b> {
    bound: &'b HashSet<&'a str>,
    seen: HashSet<&'a str>,
    unknown: Vec<&'a ExprName>,
    relative: Vec<&'a Stmt>,
}

impl<'a> Visitor<'a> for Reader<'a, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ImportFrom(import) = statement
            && import.level > 0
        {
            self.relative.push(statement);
        }
        deeper(|| walk_stmt(self, statement));
    }

    /// Hints are not computed before somebody asks for them, if ever.
    fn visit_annotation(&mut self, _annotation: &'a Expr) {}

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx == ExprContext::Load
            && !self.bound.contains(name.id.as_str())
            && !is_python(&name.id)
            && self.seen.insert(&name.id)
        {
            self.unknown.push(name);
        }
        deeper(|| walk_expr(self, expression));
    }
}

fn is_python(name: &str) -> bool {
    is_python_builtin(name, MINOR, false) || python_magic_globals(MINOR).any(|global| global == name)
}
