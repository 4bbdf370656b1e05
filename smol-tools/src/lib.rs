//! Tools for smolagents: the attribute [`tool`] that makes one of a function, [`FunctionTool`] that makes one of
//! a closure, and a first set, one file each.
//!
//! A tool runs on the host, with the host's network and secrets; code in a sandbox knows it only by name. So what
//! a tool may reach is settled here, in the tool, and not in the sandbox.

// The generated code of `#[tool]` names this crate by its outer name, also in this crate's own tests.
extern crate self as smol_tools;

mod catalog;
mod fetch;
mod function;
mod guard;
mod html;
#[doc(hidden)]
pub mod macro_support;
mod markdown;
mod pace;
mod python_interpreter;
#[cfg(feature = "python-tools")]
mod python_tool;
mod visit_webpage;
mod web_search;

pub use catalog::{NAMES, UnknownTool, base_tools, by_name};
pub use function::FunctionTool;
pub use python_interpreter::PythonInterpreter;
#[cfg(feature = "python-tools")]
pub use python_tool::{
    Fault, Faults, PythonTool, Reach, ToolSource, is_standard_library, original_class, original_tool,
};
pub use visit_webpage::VisitWebpage;
pub use web_search::{SearchResult, WebSearch};

#[doc(hidden)]
pub use smol_tools_macros::facade_tool;
#[doc = include_str!("tool.md")]
pub use smol_tools_macros::tool;
