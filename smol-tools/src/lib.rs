//! Tools for smolagents: the attribute [`tool`] that makes one of a function, [`FunctionTool`] that makes one of
//! a closure, [`Toolbox`] that groups them, and a set to begin with, one file each.
//!
//! ```
//! use smol_tools::{Toolbox, VisitWebpage, WebSearch, files::Folder, tool};
//!
//! /// Adds two numbers.
//! #[tool(effect = "pure")]
//! fn add(a: i64, b: i64) -> i64 {
//!     a + b
//! }
//!
//! # let reports = std::env::temp_dir();
//! let files = Folder::open(reports)?.reading().prefixed("reports_");
//! let toolbox = Toolbox::new().with(add)?.with(WebSearch::new())?.with(VisitWebpage::new())?.merge(files)?;
//! assert!(toolbox.names().contains(&"reports_read_file"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A tool runs on the host, with the host's network and secrets; code in a sandbox knows it only by name. So what
//! a tool may reach is settled here, in the tool, and not in the sandbox.

// The generated code of `#[tool]` names this crate by its outer name, also in this crate's own tests.
extern crate self as smol_tools;

mod cache;
mod catalog;
mod fetch;
pub mod files;
mod final_answer;
mod function;
#[cfg(feature = "gradio")]
mod gradio;
mod guard;
mod html;
mod http_request;
#[doc(hidden)]
pub mod macro_support;
mod markdown;
mod media;
mod names;
mod pace;
mod python_interpreter;
#[cfg(feature = "python-tools")]
mod python_tool;
#[cfg(feature = "sql")]
mod query_sql;
mod schema;
mod text;
mod toolbox;
mod user_input;
mod visit_webpage;
mod web_search;
mod wikipedia_search;
mod work;

pub use catalog::{CatalogError, NAMES, NEEDS, by_name};
pub use final_answer::FinalAnswer;
pub use function::FunctionTool;
#[cfg(feature = "gradio")]
pub use gradio::{Space, SpaceError, SpaceTool};
pub use http_request::HttpRequest;
pub use markdown::html_to_markdown;
pub use media::*;
pub use names::*;
pub use python_interpreter::PythonInterpreter;
#[cfg(feature = "python-tools")]
pub use python_tool::{
    Fault, Faults, PythonTool, Reach, ToolSource, is_standard_library, original_class, original_tool,
};
#[cfg(feature = "sql")]
pub use query_sql::{QuerySql, SqlError};
pub use reqwest::Method;
pub use schema::{parse_arguments, spec_of};
pub use toolbox::{Toolbox, ToolboxError};
pub use user_input::UserInput;
pub use visit_webpage::VisitWebpage;
pub use web_search::{Engine, MissingKey, SearchResult, UnknownEngine, WebSearch};
pub use wikipedia_search::{Extent, Form, WikipediaSearch};

#[doc(hidden)]
pub use smol_tools_macros::facade_tool;
#[doc = include_str!("tool.md")]
pub use smol_tools_macros::tool;
