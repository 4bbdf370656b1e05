//! Tests on tiny models of every family, written here, and on the tokenizer of a real one.

mod devices;
mod families;
mod files;
mod forward;
mod replies;
mod tiny;
mod tokens;
mod vision;
