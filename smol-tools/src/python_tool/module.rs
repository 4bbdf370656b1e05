//! A parsed file: its classes, functions and imports, and which line is where.

use super::{deeper, fault::Fault};
use ruff_python_ast::{Expr, ModModule, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_python_parser::{Parsed, parse_module};
use ruff_source_file::LineIndex;
use ruff_text_size::{Ranged, TextSize};
use std::{cell::RefCell, collections::HashMap};

/// Longer files are not read, in bytes: no tool is as long, and the trees of nonsense would be as deep.
const LONGEST: usize = 256 * 1024;

/// How far bases are followed from class to class.
const MOST_BASES: usize = 16;

/// One file, with what was found wrong in it so far.
pub(super) struct Module<'a> {
    pub(super) body: &'a [Stmt],
    /// Names that `from … import …` binds at the top of the file: the module and the name there.
    pub(super) imported: HashMap<&'a str, (&'a str, &'a str)>,
    lines: LineIndex,
    faults: RefCell<Vec<Fault>>,
}

/// The tree of `code`, or why it has none.
pub(super) fn parse(code: &str) -> Result<Parsed<ModModule>, Fault> {
    if code.len() > LONGEST {
        let text = format!("the file has {} bytes, and at most {LONGEST} are read", code.len());
        return Err(Fault { line: 1, text, is_fatal: true });
    }
    parse_module(code).map_err(|error| {
        let line = line_of(&LineIndex::from_source_text(code), error.location.start());
        Fault { line, text: format!("it is not Python: {}", error.error), is_fatal: true }
    })
}

fn line_of(lines: &LineIndex, at: TextSize) -> u32 {
    u32::try_from(lines.line_index(at).get()).unwrap_or(u32::MAX)
}

impl<'a> Module<'a> {
    pub(super) fn new(code: &'a str, tree: &'a Parsed<ModModule>) -> Self {
        let body = tree.suite();
        let imports = body.iter().filter_map(|statement| match statement {
            Stmt::ImportFrom(import) => Some(import),
            _ => None,
        });
        let imported = imports.flat_map(|import| {
            let module = import.module.as_ref().map_or("", |module| module.id.as_str());
            import.names.iter().map(move |alias| {
                let name = alias.name.id.as_str();
                (alias.asname.as_ref().map_or(name, |name| name.id.as_str()), (module, name))
            })
        });
        Self {
            body,
            imported: imported.collect(),
            lines: LineIndex::from_source_text(code),
            faults: RefCell::default(),
        }
    }

    pub(super) fn line(&self, at: TextSize) -> u32 {
        line_of(&self.lines, at)
    }

    /// Notes what makes the tool useless.
    pub(super) fn fatal(&self, at: &impl Ranged, text: impl Into<String>) {
        self.note(at, text.into(), true);
    }

    /// Notes what the original would refuse.
    pub(super) fn refused(&self, at: &impl Ranged, text: impl Into<String>) {
        self.note(at, text.into(), false);
    }

    /// Notes what makes the tool useless, or else what the original would refuse.
    pub(super) fn note(&self, at: &impl Ranged, text: String, is_fatal: bool) {
        self.faults.borrow_mut().push(Fault { line: self.line(at.start()), text, is_fatal });
    }

    /// All that was noted, in the order of lines.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        faults
    }

    pub(super) fn classes(&self) -> impl Iterator<Item = &'a StmtClassDef> {
        self.body.iter().filter_map(Stmt::as_class_def_stmt)
    }

    pub(super) fn functions(&self) -> impl Iterator<Item = &'a StmtFunctionDef> {
        self.body.iter().filter_map(Stmt::as_function_def_stmt)
    }

    /// The class and those of its bases that stand in this file, itself first.
    pub(super) fn lineage(&self, class: &'a StmtClassDef) -> Vec<&'a StmtClassDef> {
        let mut found = vec![class];
        let mut next = 0;
        while let Some(class) = found.get(next).copied().filter(|_| found.len() < MOST_BASES) {
            for name in bases(class).filter_map(plain_name) {
                found.extend(self.classes().find(|other| other.name.id == name && !has(&found, other)));
            }
            next += 1;
        }
        found
    }

    /// Whether the class derives from the original's `Tool`, directly or by a class of this file.
    pub(super) fn is_tool(&self, class: &'a StmtClassDef) -> bool {
        self.lineage(class).into_iter().any(|class| bases(class).any(|base| self.is_tool_name(base)))
    }

    /// Whether an expression means `name` of the original's package, as `Tool` or `smolagents.Tool`.
    pub(super) fn means(&self, expression: &Expr, name: &str) -> bool {
        match expression {
            Expr::Name(found) => self.imported.get(found.id.as_str()).is_some_and(|(module, original)| {
                *original == name && (module.starts_with("smolagents") || module.starts_with("transformers"))
            }),
            Expr::Attribute(attribute) => {
                attribute.attr.id == name && deeper(|| root(&attribute.value)) == Some("smolagents")
            }
            _ => false,
        }
    }

    fn is_tool_name(&self, base: &Expr) -> bool {
        self.means(base, "Tool") || self.means(base, "PipelineTool")
    }
}

fn has(found: &[&StmtClassDef], class: &StmtClassDef) -> bool {
    found.iter().any(|other| std::ptr::eq(*other, class))
}

pub(super) fn bases(class: &StmtClassDef) -> impl Iterator<Item = &Expr> {
    class.arguments.iter().flat_map(|arguments| arguments.args.iter())
}

pub(super) fn plain_name(expression: &Expr) -> Option<&str> {
    expression.as_name_expr().map(|name| name.id.as_str())
}

/// The first name of `a.b.c`.
fn root(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(attribute) => deeper(|| root(&attribute.value)),
        _ => None,
    }
}
