//! Reading web pages.
#![no_main]

#[path = "../../smol-tools/tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|html: &str| oracle::check_page(html));
