//! Which scopes stand around a place in the code, and whether a name there still is the tool.

use super::bindings::Bindings;
use ruff_python_ast::Stmt;
use smol_core::tool::ToolSpec;
use std::collections::{HashMap, HashSet};

/// The scopes around the place that is read, the module first. Only names of tools are kept: no other is looked up.
pub(super) struct Scopes<'a, 't> {
    tools: &'t HashMap<&'a str, &'a ToolSpec>,
    module: Scope<'a>,
    inner: Vec<Scope<'a>>,
}

struct Scope<'a> {
    kind: Kind,
    /// Bound here: in a function anywhere in it, elsewhere by the statements before.
    names: HashSet<&'a str>,
    globals: HashSet<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    Class,
    /// Lambdas and comprehensions too.
    Function,
}

impl<'a, 't> Scopes<'a, 't> {
    pub(super) fn new(tools: &'t HashMap<&'a str, &'a ToolSpec>) -> Self {
        let module = Scope { kind: Kind::Module, names: HashSet::new(), globals: HashSet::new() };
        Self { tools, module, inner: Vec::new() }
    }

    /// The tool that `name` is here, by the rules by which Python looks a name up.
    pub(super) fn tool(&self, name: &str) -> Option<&'a str> {
        let (tool, _) = self.tools.get_key_value(name)?;
        for (distance, scope) in self.inner.iter().rev().enumerate() {
            if scope.globals.contains(name) {
                break;
            }
            // The names of a class are not seen from within its functions.
            if scope.names.contains(name) && (scope.kind != Kind::Class || distance == 0) {
                return None;
            }
        }
        (!self.module.names.contains(name)).then_some(*tool)
    }

    pub(super) fn enter(&mut self, kind: Kind, bindings: Bindings<'a>) {
        let Bindings { mut names, mut globals, .. } = bindings;
        names.retain(|name| self.tools.contains_key(name));
        globals.retain(|name| self.tools.contains_key(name));
        self.inner.push(Scope { kind, names, globals });
    }

    pub(super) fn leave(&mut self) {
        self.inner.pop();
    }

    /// Takes note of what `statement` did to names where they change their meaning from line to line. A statement
    /// that may be left out (`is_certain` is false) may leave the tool as it was.
    pub(super) fn after(&mut self, statement: &'a Stmt, is_certain: bool) {
        let scope = self.inner.last_mut().unwrap_or(&mut self.module);
        match statement {
            _ if scope.kind == Kind::Function => {}
            Stmt::Delete(delete) => {
                for name in delete.targets.iter().filter_map(|target| target.as_name_expr()) {
                    scope.names.remove(name.id.as_str());
                }
            }
            _ if !is_certain => {}
            _ => {
                let names = Bindings::of_statement(statement).into_iter();
                scope.names.extend(names.filter(|name| self.tools.contains_key(name)));
            }
        }
    }
}
