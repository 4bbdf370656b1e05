//! What code could reach for, as far as its imports and calls show. It is a help for whoever decides about code of
//! strangers, and no wall: the wall is the sandbox.

use super::{deeper, rules::MINOR};
use ruff_python_ast::{
    Expr, Stmt,
    visitor::{Visitor, walk_expr, walk_stmt},
};
use ruff_python_stdlib::sys::is_known_standard_library;
use std::{collections::BTreeSet, fmt};

/// A part of the world outside of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// Other machines.
    Network,
    /// Files.
    Files,
    /// Other programs.
    Processes,
    /// Environment variables, where secrets may be.
    Environment,
    /// Code that is made while it runs, which no reader sees.
    HiddenCode,
}

impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Network => "the network",
            Self::Files => "files",
            Self::Processes => "other programs",
            Self::Environment => "environment variables",
            Self::HiddenCode => "code made while it runs",
        })
    }
}

/// Modules by what importing them is for.
const MODULES: &[(Reach, &[&str])] = &[
    (
        Reach::Network,
        &[
            "aiohttp",
            "boto3",
            "ddgs",
            "duckduckgo_search",
            "ftplib",
            "gradio_client",
            "http",
            "httpx",
            "huggingface_hub",
            "imaplib",
            "openai",
            "paramiko",
            "poplib",
            "requests",
            "smtplib",
            "socket",
            "ssl",
            "telnetlib",
            "urllib",
            "urllib3",
            "websockets",
            "wikipediaapi",
            "xmlrpc",
        ],
    ),
    (Reach::Files, &["fileinput", "glob", "io", "pathlib", "shutil", "sqlite3", "tempfile"]),
    (Reach::Processes, &["multiprocessing", "pty", "subprocess"]),
    (
        Reach::HiddenCode,
        &["cffi", "code", "codeop", "ctypes", "dill", "importlib", "marshal", "pickle", "runpy"],
    ),
];

/// Functions and attributes, by their last name.
const NAMES: &[(Reach, &[&str])] = &[
    (Reach::Files, &["open", "read_csv", "to_csv", "listdir", "unlink", "rmtree", "makedirs"]),
    (Reach::Processes, &["popen", "system", "spawnl", "spawnv", "execv", "fork"]),
    (Reach::Environment, &["environ", "getenv"]),
    (Reach::HiddenCode, &["__import__", "compile", "eval", "exec", "__subclasses__"]),
];

/// The modules that are neither Python's nor the original's, and what the code could reach.
pub(super) fn of(body: &[Stmt]) -> (BTreeSet<String>, BTreeSet<Reach>) {
    let mut found = Finder::default();
    found.visit_body(body);
    found.imports.retain(|name| !is_standard_library(name) && name != "smolagents");
    (found.imports, found.reach)
}

/// Whether Python itself brings the top-level module along.
pub fn is_standard_library(module: &str) -> bool {
    is_known_standard_library(MINOR, module)
}

#[derive(Default)]
struct Finder {
    imports: BTreeSet<String>,
    reach: BTreeSet<Reach>,
}

impl Finder {
    fn import(&mut self, path: &str) {
        let name = path.split('.').next().unwrap_or(path);
        self.imports.insert(name.to_owned());
        self.note(MODULES, name);
    }

    fn note(&mut self, table: &[(Reach, &[&str])], name: &str) {
        self.reach.extend(table.iter().filter(|(_, names)| names.contains(&name)).map(|(reach, _)| *reach));
    }
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => import.names.iter().for_each(|alias| self.import(&alias.name.id)),
            Stmt::ImportFrom(import) if import.level == 0 => {
                import.module.iter().for_each(|module| self.import(&module.id));
                import.names.iter().for_each(|alias| self.note(NAMES, &alias.name.id));
            }
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => self.note(NAMES, &name.id),
            // `re.compile` is another matter than `compile`.
            Expr::Attribute(attribute) if attribute.attr.id != "compile" => {
                self.note(NAMES, &attribute.attr.id);
            }
            _ => {}
        }
        deeper(|| walk_expr(self, expression));
    }
}
