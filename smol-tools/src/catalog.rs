//! The tools of this crate by name, for programs that let people choose. A tool that reaches something of its user's is
//! told what by a value after its name, as in `read_file=notes`: nothing is granted without a word.

use crate::{
    Engine, FinalAnswer, FunctionTool, HttpRequest, PythonInterpreter, UserInput, VisitWebpage, WebSearch,
    WikipediaSearch, files::Folder,
};
use smol_core::{exec::Executor, tool::Tool};
use std::sync::Arc;

/// The names that [`by_name`] knows; those of [`NEEDS`] with a value.
pub const NAMES: &[&str] = &[
    "web_search",
    "visit_webpage",
    "python_interpreter",
    "exec_python",
    "wikipedia_search",
    "user_input",
    "final_answer",
    "read_file",
    "write_file",
    "list_files",
    "search_files",
    "http_request",
    #[cfg(feature = "sql")]
    "query_sql",
];

/// Those that need a value, with what it is.
pub const NEEDS: &[(&str, &str)] = &[
    ("read_file", "a folder"),
    ("write_file", "a folder"),
    ("list_files", "a folder"),
    ("search_files", "a folder"),
    ("http_request", "hosts with `+` between them"),
    #[cfg(feature = "sql")]
    ("query_sql", "the file of an SQLite database"),
];

/// The tool that `text` names: `name`, or `name=value` for one that needs to be told what it may reach, and for
/// `web_search=ENGINE`. `executor` runs the code of those that run code.
///
/// `user_input` by name has nobody to ask; a program that has makes its own by [`UserInput::new`].
pub fn by_name(text: &str, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, CatalogError> {
    match text.split_once('=') {
        Some((name, value)) => configured(name.trim(), value.trim()),
        None => plain(text.trim(), executor),
    }
}

fn plain(name: &str, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, CatalogError> {
    let interpreter = || PythonInterpreter::new(executor.clone());
    Ok(match name {
        "web_search" => Arc::new(WebSearch::new()),
        "visit_webpage" => Arc::new(VisitWebpage::new()),
        "python_interpreter" => Arc::new(interpreter()),
        "exec_python" => Arc::new(interpreter().named("exec_python")),
        "wikipedia_search" => Arc::new(WikipediaSearch::new()),
        "user_input" => Arc::new(UserInput::nobody()),
        "final_answer" => Arc::new(FinalAnswer::new()),
        _ => return Err(absent(name)),
    })
}

fn configured(name: &str, value: &str) -> Result<Arc<dyn Tool>, CatalogError> {
    let of_folder = |make: fn(&Folder) -> FunctionTool| match Folder::open(value) {
        Ok(folder) => Ok(Arc::new(make(&folder)) as Arc<dyn Tool>),
        Err(error) => Err(refused(name, error)),
    };
    match name {
        "web_search" => {
            let engine: Engine = value.parse().map_err(|error| refused(name, error))?;
            Ok(Arc::new(WebSearch::from_env(engine).map_err(|error| refused(name, error))?))
        }
        "read_file" => of_folder(Folder::read_file),
        "write_file" => of_folder(Folder::write_file),
        "list_files" => of_folder(Folder::list_files),
        "search_files" => of_folder(Folder::search_files),
        "http_request" => Ok(Arc::new(HttpRequest::to(value.split('+').map(str::trim)))),
        #[cfg(feature = "sql")]
        "query_sql" => Ok(Arc::new(crate::QuerySql::open(value).map_err(|error| refused(name, error))?)),
        _ if NAMES.contains(&name) => Err(refused(name, "it takes no value")),
        _ => Err(absent(name)),
    }
}

/// Why a name gives no tool.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// No tool has this name.
    #[error("no tool is named `{name}`\n\nhint: {}the tools are `{}`", suggestion(*.nearest), NAMES.join("`, `"))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The name most like it, if any is.
        nearest: Option<&'static str>,
    },
    /// The tool must be told what it may reach.
    #[error("the tool `{name}` needs {what}\n\nhint: write `{name}=…`")]
    Needs {
        /// The tool.
        name: String,
        /// What its value is.
        what: &'static str,
    },
    /// The tool cannot be had so.
    #[error("the tool `{name}` cannot be had: {cause}")]
    Refused {
        /// The tool.
        name: String,
        /// Why.
        cause: String,
    },
}

fn refused(name: &str, cause: impl std::fmt::Display) -> CatalogError {
    CatalogError::Refused { name: name.to_owned(), cause: cause.to_string() }
}

fn absent(name: &str) -> CatalogError {
    match NEEDS.iter().find(|(needy, _)| *needy == name) {
        Some((_, what)) => CatalogError::Needs { name: name.to_owned(), what },
        None => CatalogError::Unknown { name: name.to_owned(), nearest: nearest(name) },
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default()
}

/// Two names are alike if less than half of the letters differ.
fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &&str| strsim::normalized_levenshtein(name, known);
    let best = NAMES.iter().copied().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(&best) > 0.5).then_some(best)
}
