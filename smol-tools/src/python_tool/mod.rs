//! Tools that are the original's `tool.py`: Python source that people share.
//!
//! What such a file says of its tool (name, description, inputs, output) is read from its syntax tree, so nothing runs
//! until somebody calls the tool; and then it runs in a sandbox of an executor, never on the host. The same tree is held
//! to the original's own rules, all faults at once with their lines, and shows what the code could reach for.
//!
//! The grammar is Ruff's, so the feature `python-tools` is needed.

mod attributes;
mod bound;
mod class;
mod docstring;
mod fault;
mod function;
mod hints;
mod literal;
mod module;
mod original;
mod reach;
mod rules;
mod sandboxed;
mod schema;
mod signature;
mod source;
#[cfg(test)]
mod tests;

pub use fault::{Fault, Faults};
pub use original::{original_class, original_tool};
pub use reach::{Reach, is_standard_library};
pub use sandboxed::PythonTool;
pub use source::ToolSource;

/// What one step down a tree may take of the stack, and what it is given where less is left, in bytes.
const RED_ZONE: usize = 128 * 1024;
const SEGMENT: usize = 4 * 1024 * 1024;

/// Gives `walk` more stack where little is left: code can be nested as deep as it is long.
fn deeper<T>(walk: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, SEGMENT, walk)
}
