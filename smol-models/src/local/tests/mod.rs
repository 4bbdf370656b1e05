//! Tests on tiny models of every family, written here, and on the tokenizer of a real one.

mod ahead;
mod files;
mod forms;
mod forward;
mod replies;
mod tiny;
mod tokens;
