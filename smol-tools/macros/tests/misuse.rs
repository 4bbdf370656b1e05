//! What `#[tool]` refuses, in its own words. Each file of `misuse/` is one mistake, and its `.stderr` the answer.

#[test]
fn misuse_is_explained() {
    trybuild::TestCases::new().compile_fail("tests/misuse/*.rs");
}
