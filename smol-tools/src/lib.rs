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
#[cfg(feature = "gradio")]
mod gradio;
mod guard;
mod html;
#[doc(hidden)]
pub mod macro_support;
mod markdown;
mod media;
mod pace;
mod python_interpreter;
mod visit_webpage;
mod web_search;

pub use catalog::{NAMES, UnknownTool, base_tools, by_name};
pub use function::FunctionTool;
#[cfg(feature = "gradio")]
pub use gradio::{Space, SpaceError, SpaceTool};
pub use media::*;
pub use python_interpreter::PythonInterpreter;
pub use visit_webpage::VisitWebpage;
pub use web_search::{SearchResult, WebSearch};

#[doc(hidden)]
pub use smol_tools_macros::facade_tool;
#[doc = include_str!("tool.md")]
pub use smol_tools_macros::tool;
