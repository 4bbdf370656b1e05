//! Tests on tiny models of every family, written here, and on the tokenizer of a real one.

mod ahead;
mod families;
mod files;
mod folders;
mod forms;
mod forward;
mod gguf_families;
mod replies;
mod templates;
mod tiny;
mod tokens;
mod vocabularies;
