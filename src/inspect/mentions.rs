//! Which names code mentions, and whether it could bind others in ways that reading it does not show.

use ruff_python_ast::{
    Alias, Expr, ExprContext, Pattern, Stmt,
    visitor::{Visitor, walk_expr, walk_pattern, walk_stmt},
};
use std::collections::HashSet;

/// Whoever mentions one of these, as a name or in an import, may bind any name.
const NAMES: [&str; 15] = [
    "__builtins__",
    "__import__",
    "__main__",
    "_getframe",
    "builtins",
    "compile",
    "currentframe",
    "eval",
    "exec",
    "globals",
    "locals",
    "modules",
    "runpy",
    "setattr",
    "vars",
];

/// The same as attributes: they lead to the dictionary behind a scope.
const ATTRIBUTES: [&str; 9] = [
    "__builtins__",
    "__dict__",
    "__globals__",
    "__main__",
    "_getframe",
    "currentframe",
    "f_globals",
    "f_locals",
    "modules",
];

/// What was found, as it walks.
#[derive(Default)]
pub(super) struct Mentions<'a> {
    /// Names that are read, and attributes: a function that is not among them was defined for later.
    pub(super) names: HashSet<&'a str>,
    /// Names may be bound that nothing shows.
    pub(super) binds_anything: bool,
}

impl<'a> Mentions<'a> {
    pub(super) fn of(body: &'a [Stmt]) -> Self {
        let mut found = Self::default();
        found.visit_body(body);
        found
    }

    fn mention(&mut self, name: &'a str, hidden: &[&str]) {
        self.binds_anything |= hidden.contains(&name);
        self.names.insert(name);
    }

    fn import(&mut self, path: &str) {
        self.binds_anything |= path.split('.').any(|part| part == "*" || NAMES.contains(&part));
    }
}

impl<'a> Visitor<'a> for Mentions<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ImportFrom(import) = statement {
            import.module.iter().for_each(|module| self.import(&module.id));
        }
        super::deeper(|| walk_stmt(self, statement));
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        self.import(&alias.name.id);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx == ExprContext::Load => self.mention(&name.id, &NAMES),
            Expr::Attribute(attribute) => self.mention(&attribute.attr.id, &ATTRIBUTES),
            _ => {}
        }
        super::deeper(|| walk_expr(self, expression));
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        super::deeper(|| walk_pattern(self, pattern));
    }
}
