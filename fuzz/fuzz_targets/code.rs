//! Finding code in a reply.
#![no_main]

#[path = "../../smol-core/tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|text: &str| oracle::check_code(text));
