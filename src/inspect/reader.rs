//! Walks code as Python would compile it: where each tool is named, and each call of a plain name.

use super::{
    bindings::Bindings,
    deeper,
    handlers::Expected,
    mentions::Mentions,
    scopes::{Kind, Scopes},
};
use ruff_python_ast::{
    Arguments, Comprehension, Decorator, Expr, ExprContext, ExprName, InterpolatedStringElement, Parameters,
    Pattern, Stmt, StmtClassDef, StmtFunctionDef, StmtTry, StmtWith, StringLiteral, TypeParams,
    visitor::{
        Visitor, walk_decorator, walk_expr, walk_interpolated_string_element, walk_pattern, walk_stmt,
    },
};
use ruff_text_size::{Ranged, TextSize};
use smol_core::tool::ToolSpec;
use std::{collections::HashMap, mem::replace};

/// A call of a name, as in `name(…)`, or `@name`.
pub(super) struct PlainCall<'a> {
    pub(super) name: &'a str,
    pub(super) at: TextSize,
    /// What it is called with; none for a decorator.
    pub(super) arguments: Option<&'a Arguments>,
    /// The tool of that name has it, as far as scopes tell.
    pub(super) is_tool: bool,
    pub(super) expected: Expected,
}

/// What was found, as it walks.
pub(super) struct Reader<'a, 't> {
    /// Where the code names a tool.
    pub(super) uses: Vec<(TextSize, &'a str)>,
    pub(super) calls: Vec<PlainCall<'a>>,
    scopes: Scopes<'a, 't>,
    mentions: &'t Mentions<'a>,
    expected: Expected,
    /// How many statements stand around this one that may leave it out.
    branches: u32,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(tools: &'t HashMap<&'a str, &'a ToolSpec>, mentions: &'t Mentions<'a>) -> Self {
        Self {
            uses: Vec::new(),
            calls: Vec::new(),
            scopes: Scopes::new(tools),
            mentions,
            expected: Expected::default(),
            branches: 0,
        }
    }

    fn within(&mut self, kind: Kind, bindings: Bindings<'a>, walk: impl FnOnce(&mut Self)) {
        self.scopes.enter(kind, bindings);
        let branches = replace(&mut self.branches, 0);
        walk(self);
        self.branches = branches;
        self.scopes.leave();
    }

    fn expecting(&mut self, more: Expected, walk: impl FnOnce(&mut Self)) {
        let before = self.expected;
        self.expected = before | more;
        walk(self);
        self.expected = before;
    }

    fn named(&mut self, name: &str, at: TextSize) {
        self.uses.extend(self.scopes.tool(name).map(|tool| (at, tool)));
    }

    /// Where text may be run or looked up as a name, a tool's name in it is taken for the tool.
    fn named_in_text(&mut self, text: &str, at: TextSize) {
        if self.mentions.binds_anything {
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            words.for_each(|word| self.named(word, at));
        }
    }

    fn called(&mut self, name: &'a ExprName, arguments: Option<&'a Arguments>) {
        let (is_tool, expected) = (self.scopes.tool(&name.id).is_some(), self.expected);
        self.calls.push(PlainCall { name: &name.id, at: name.start(), arguments, is_tool, expected });
    }

    fn visit_function(&mut self, function: &'a StmtFunctionDef) {
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        let type_params = function.type_params.as_deref();
        self.visit_signature(type_params, &function.parameters);
        function.returns.iter().for_each(|returns| self.visit_annotation(returns));

        let name = function.name.id.as_str();
        let used = self.mentions.names.contains(name)
            || name.starts_with("__")
            || !function.decorator_list.is_empty();
        // What a later block calls may find names that later blocks bind.
        let expected = Expected { unknown_names: !used, ..Expected::default() };
        let bindings = Bindings::of_function(Some(&function.parameters), type_params, |found| {
            found.visit_body(&function.body)
        });
        self.expecting(expected, |reader| {
            reader.within(Kind::Function, bindings, |reader| reader.visit_body(&function.body));
        });
    }

    /// Defaults are computed where the function is defined; types not before somebody asks for them.
    fn visit_signature(&mut self, type_params: Option<&'a TypeParams>, parameters: &'a Parameters) {
        self.expecting(Expected::ALL, |reader| {
            type_params.iter().for_each(|types| reader.visit_type_params(types))
        });
        self.visit_parameters(parameters);
    }

    fn visit_class(&mut self, class: &'a StmtClassDef) {
        class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        self.expecting(Expected::ALL, |reader| {
            class.type_params.iter().for_each(|types| reader.visit_type_params(types));
        });
        class.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
        self.within(Kind::Class, Bindings::default(), |reader| reader.visit_body(&class.body));
    }

    fn visit_try(&mut self, statement: &'a StmtTry) {
        let expected = Expected::by_handlers(statement);
        self.expecting(expected, |reader| reader.visit_body(&statement.body));
        statement.handlers.iter().for_each(|handler| self.visit_except_handler(handler));
        self.visit_body(&statement.orelse);
        self.visit_body(&statement.finalbody);
    }

    fn visit_with(&mut self, statement: &'a StmtWith) {
        statement.items.iter().for_each(|item| self.visit_with_item(item));
        self.expecting(Expected::by_suppress(statement), |reader| reader.visit_body(&statement.body));
    }

    fn visit_branch(&mut self, statement: &'a Stmt) {
        self.branches += 1;
        match statement {
            Stmt::Try(statement) => self.visit_try(statement),
            Stmt::With(statement) => self.visit_with(statement),
            _ => walk_stmt(self, statement),
        }
        self.branches -= 1;
    }

    fn visit_comprehensions(&mut self, generators: &'a [Comprehension], results: &[&'a Expr]) {
        // The first sequence is computed outside.
        generators.iter().take(1).for_each(|first| self.visit_expr(&first.iter));
        self.within(Kind::Function, Bindings::of_comprehension(generators), |reader| {
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    reader.visit_expr(&generator.iter);
                }
                reader.visit_expr(&generator.target);
                generator.ifs.iter().for_each(|condition| reader.visit_expr(condition));
            }
            results.iter().for_each(|result| reader.visit_expr(result));
        });
    }

    fn visit_inner(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.as_deref();
                parameters.iter().for_each(|parameters| self.visit_parameters(parameters));
                let bindings =
                    Bindings::of_function(parameters, None, |found| found.visit_expr(&lambda.body));
                self.within(Kind::Function, bindings, |reader| reader.visit_expr(&lambda.body));
            }
            Expr::ListComp(list) => self.visit_comprehensions(&list.generators, &[&list.elt]),
            Expr::SetComp(set) => self.visit_comprehensions(&set.generators, &[&set.elt]),
            Expr::Generator(generator) => self.visit_comprehensions(&generator.generators, &[&generator.elt]),
            Expr::DictComp(dict) => {
                let results: Vec<&Expr> =
                    dict.key.iter().chain([&dict.value]).map(|result| &**result).collect();
                self.visit_comprehensions(&dict.generators, &results);
            }
            _ => walk_expr(self, expression),
        }
    }
}

impl<'a> Visitor<'a> for Reader<'a, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        deeper(|| match statement {
            Stmt::FunctionDef(function) => self.visit_function(function),
            Stmt::ClassDef(class) => self.visit_class(class),
            Stmt::TypeAlias(_) => self.expecting(Expected::ALL, |reader| walk_stmt(reader, statement)),
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) | Stmt::Match(_) | Stmt::Try(_) | Stmt::With(_) => {
                self.visit_branch(statement);
            }
            _ => walk_stmt(self, statement),
        });
        self.scopes.after(statement, self.branches == 0);
    }

    fn visit_annotation(&mut self, annotation: &'a Expr) {
        self.expecting(Expected::ALL, |reader| reader.visit_expr(annotation));
    }

    fn visit_decorator(&mut self, decorator: &'a Decorator) {
        if let Expr::Name(name) = &decorator.expression {
            self.called(name, None);
        }
        walk_decorator(self, decorator);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx == ExprContext::Load => self.named(&name.id, name.start()),
            Expr::Call(call) => {
                if let Expr::Name(name) = &*call.func {
                    self.called(name, Some(&call.arguments));
                }
            }
            Expr::Attribute(attribute) if self.mentions.binds_anything => {
                self.named(&attribute.attr.id, attribute.attr.start());
            }
            _ => {}
        }
        deeper(|| self.visit_inner(expression));
    }

    fn visit_string_literal(&mut self, text: &'a StringLiteral) {
        self.named_in_text(&text.value, text.start());
    }

    fn visit_interpolated_string_element(&mut self, element: &'a InterpolatedStringElement) {
        if let InterpolatedStringElement::Literal(text) = element {
            self.named_in_text(&text.value, text.start());
        }
        deeper(|| walk_interpolated_string_element(self, element));
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        deeper(|| walk_pattern(self, pattern));
    }
}
