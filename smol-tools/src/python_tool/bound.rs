//! The names that a piece of code binds, wherever in it.

use super::deeper;
use ruff_python_ast::{
    Alias, ExceptHandler, Expr, ExprContext, Parameter, Pattern, Stmt, TypeParam,
    visitor::{
        Visitor, walk_except_handler, walk_expr, walk_parameter, walk_pattern, walk_stmt, walk_type_param,
    },
};
use std::collections::HashSet;

/// The names, as it walks.
#[derive(Default)]
pub(super) struct Bound<'a>(pub(super) HashSet<&'a str>);

impl<'a> Visitor<'a> for Bound<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.0.insert(&function.name.id),
            Stmt::ClassDef(class) => self.0.insert(&class.name.id),
            _ => false,
        };
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        let name = alias.asname.as_ref().unwrap_or(&alias.name).id.as_str();
        self.0.insert(name.split('.').next().unwrap_or(name));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx == ExprContext::Store
        {
            self.0.insert(&name.id);
        }
        deeper(|| walk_expr(self, expression));
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.0.insert(&parameter.name.id);
        walk_parameter(self, parameter);
    }

    fn visit_type_param(&mut self, parameter: &'a TypeParam) {
        self.0.insert(&parameter.name().id);
        walk_type_param(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.0.extend(inner.name.iter().map(|name| name.id.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        self.0.extend(name.map(|name| name.id.as_str()));
        deeper(|| walk_pattern(self, pattern));
    }
}
