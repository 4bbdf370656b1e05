//! Server-sent events in chunks of any size are those that the format's rules give.
#![no_main]

#[path = "../../smol-models/tests/sse_oracle/mod.rs"]
mod sse_oracle;

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, &[u8])| {
    let (cuts, bytes) = input;
    let cuts: Vec<usize> = cuts.into_iter().map(usize::from).collect();
    sse_oracle::check(bytes, &cuts);
});
