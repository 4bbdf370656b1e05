//! The parameters of a function.

use super::{hints, literal::literal};
use ruff_python_ast::{Expr, ParameterWithDefault, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use serde_json::{Map, Value};

pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) at: TextRange,
    pub(super) annotation: Option<&'a Expr>,
    pub(super) default: Option<&'a Expr>,
}

pub(super) struct Signature<'a> {
    pub(super) parameters: Vec<Parameter<'a>>,
    /// It has `**kwargs`, and so takes any name.
    pub(super) takes_more: bool,
}

impl Parameter<'_> {
    /// Whether the original would call it nullable: it may be left out, or be `None`.
    pub(super) fn is_nullable(&self) -> bool {
        self.default.is_some() || self.annotation.is_some_and(hints::allows_none)
    }
}

impl<'a> Signature<'a> {
    /// That of `function`, without `self` if it is a method.
    pub(super) fn of(function: &'a StmtFunctionDef, is_method: bool) -> Self {
        let parameters = &function.parameters;
        let is_static = function.decorator_list.iter().any(|decorator| {
            decorator.expression.as_name_expr().is_some_and(|name| name.id == "staticmethod")
        });
        let skipped = usize::from(is_method && !is_static);
        let all = parameters.iter_non_variadic_params().skip(skipped).map(parameter);
        Self { parameters: all.collect(), takes_more: parameters.kwarg.is_some() }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Parameter<'a>> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// What is taken for arguments that are left out, as far as it is written out.
    pub(super) fn defaults(&self) -> Map<String, Value> {
        let with_value = self
            .parameters
            .iter()
            .filter_map(|found| Some((found.name.to_owned(), literal(found.default?)?)));
        with_value.collect()
    }
}

fn parameter(found: &ParameterWithDefault) -> Parameter<'_> {
    Parameter {
        name: found.parameter.name.id.as_str(),
        at: found.parameter.name.range(),
        annotation: found.parameter.annotation.as_deref(),
        default: found.default.as_deref(),
    }
}
