//! Reading code before it runs.
#![no_main]

#[path = "../../tests/inspect_oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|blocks: (&str, &str)| oracle::check(blocks.0, blocks.1));
