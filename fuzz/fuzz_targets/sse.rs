//! Server-sent events in chunks of any size are those that the format's rules give.
#![no_main]

#[path = "../../smol-models/tests/sse_oracle/mod.rs"]
mod sse_oracle;

use libfuzzer_sys::arbitrary;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // Bytes that run out are no finding.
    let _ = sse_oracle::check_any(&mut arbitrary::Unstructured::new(input));
});
