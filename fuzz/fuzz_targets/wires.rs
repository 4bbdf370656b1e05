//! Every wire reads whatever a service says, and writes what its service takes.
#![no_main]

#[path = "../../smol-models/tests/wires_oracle/mod.rs"]
mod wires_oracle;

use libfuzzer_sys::arbitrary;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // Bytes that run out are no finding.
    let _ = wires_oracle::check_any(&mut arbitrary::Unstructured::new(input));
});
