//! Names and schemas that MCP servers give their tools.
#![no_main]

#[path = "../../smol-mcp/tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|text: &str| oracle::check_tools(text));
