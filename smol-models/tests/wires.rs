//! What holds of every wire.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod wires_oracle;

use arbtest::arbitrary;

#[test]
fn every_wire_reads_and_writes_what_its_service_takes() {
    arbtest::arbtest(wires_oracle::check_any).budget_ms(1000);
}
