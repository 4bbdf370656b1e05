//! The agent loop.
pub mod exec;
pub mod message;
pub mod model;
pub mod tool;
