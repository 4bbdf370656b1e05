//! Files that strangers share: the source of a tool, and the folder of an agent.
#![no_main]

#[path = "../../tests/share/oracle.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|text: &str| {
    oracle::check_tool(text);
    oracle::check_agent(text);
});
