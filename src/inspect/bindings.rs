//! Which names code binds: by assignment, definition, import, as a parameter or a pattern's capture.

use ruff_python_ast::{
    Alias, Comprehension, ExceptHandler, Expr, ExprContext, Parameter, Parameters, Pattern, Stmt, TypeParam,
    TypeParams,
    visitor::{
        Visitor, walk_comprehension, walk_except_handler, walk_expr, walk_parameter, walk_pattern, walk_stmt,
        walk_type_param,
    },
};
use std::collections::HashSet;

/// The names that were found, as it walks.
#[derive(Default)]
pub(super) struct Bindings<'a> {
    /// What is bound.
    pub(super) names: HashSet<&'a str>,
    /// What a `global` statement says to be the module's.
    pub(super) globals: HashSet<&'a str>,
    nonlocals: HashSet<&'a str>,
    /// Whether functions, classes and comprehensions within are searched too.
    nested: bool,
}

impl<'a> Bindings<'a> {
    /// Every name that is bound in any scope of `body`.
    pub(super) fn anywhere(body: &'a [Stmt]) -> HashSet<&'a str> {
        let mut found = Self { nested: true, ..Self::default() };
        found.visit_body(body);
        found.names
    }

    /// The names that are local to a function for all of its body.
    pub(super) fn of_function(
        parameters: Option<&'a Parameters>,
        type_params: Option<&'a TypeParams>,
        body: impl FnOnce(&mut Self),
    ) -> Self {
        let mut found = Self::default();
        for parameter in parameters.into_iter().flatten() {
            found.names.insert(&parameter.name().id);
        }
        if let Some(type_params) = type_params {
            found.visit_type_params(type_params);
        }
        body(&mut found);
        let Self { names, globals, nonlocals, .. } = &mut found;
        names.retain(|name| !globals.contains(name) && !nonlocals.contains(name));
        found
    }

    /// The names that `generators` bind for the comprehension alone.
    pub(super) fn of_comprehension(generators: &'a [Comprehension]) -> Self {
        let mut found = Self::default();
        for generator in generators {
            found.visit_expr(&generator.target);
        }
        found
    }

    /// The names that hold something new once `statement` is done, whichever way its parts went.
    pub(super) fn of_statement(statement: &'a Stmt) -> HashSet<&'a str> {
        let mut found = Self::default();
        match statement {
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| found.visit_expr(target)),
            Stmt::AnnAssign(assign) if assign.value.is_some() => found.visit_expr(&assign.target),
            Stmt::AugAssign(assign) => found.visit_expr(&assign.target),
            Stmt::TypeAlias(alias) => found.visit_expr(&alias.name),
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {
                found.visit_stmt(statement);
            }
            _ => {}
        }
        found.names
    }
}

impl<'a> Visitor<'a> for Bindings<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let name = match statement {
            Stmt::FunctionDef(function) => Some(&function.name),
            Stmt::ClassDef(class) => Some(&class.name),
            Stmt::Global(global) => {
                return self.globals.extend(global.names.iter().map(|name| name.id.as_str()));
            }
            Stmt::Nonlocal(outer) => {
                return self.nonlocals.extend(outer.names.iter().map(|name| name.id.as_str()));
            }
            _ => None,
        };
        self.names.extend(name.map(|name| name.id.as_str()));
        if self.nested || name.is_none() {
            super::deeper(|| walk_stmt(self, statement));
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => self.names.extend([name.id.as_str()]),
            Expr::Lambda(_) if !self.nested => {}
            _ => super::deeper(|| walk_expr(self, expression)),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        if self.nested {
            return walk_comprehension(self, comprehension);
        }
        // Its targets are its own, but `:=` within it binds outside.
        self.visit_expr(&comprehension.iter);
        comprehension.ifs.iter().for_each(|condition| self.visit_expr(condition));
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.names.insert(&parameter.name.id);
        walk_parameter(self, parameter);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        let whole = alias.asname.as_ref().unwrap_or(&alias.name);
        self.names.extend(whole.id.split('.').next());
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.names.extend(inner.name.as_ref().map(|name| name.id.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(capture) => capture.name.as_ref(),
            Pattern::MatchStar(star) => star.name.as_ref(),
            Pattern::MatchMapping(mapping) => mapping.rest.as_ref(),
            _ => None,
        };
        self.names.extend(name.map(|name| name.id.as_str()));
        super::deeper(|| walk_pattern(self, pattern));
    }

    fn visit_type_param(&mut self, type_param: &'a TypeParam) {
        self.names.insert(&type_param.name().id);
        walk_type_param(self, type_param);
    }
}
