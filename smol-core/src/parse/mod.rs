//! Reading what a model wrote, as tolerantly as it can be done without guessing. Pure functions over text that
//! nobody vouches for: each has a fuzz target.

mod calls;
mod code;

pub use calls::text_tool_calls;
pub use code::{Action, code_action, structured_code};
