//! The page `examples/approval.rs` says what it says here.

use std::process::Command;

#[test]
fn the_example_asks_edits_and_refuses() {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("examples/approval");
    let output = Command::new(binary).output().unwrap();
    let expect = r#"may agent call pay{"to":"plumber","euros":90}? (it writes)
may agent call pay{"to":"landlord","euros":900}? (it writes)
paid 4.50 EUR to baker
paid 90.00 EUR to plumber
paid 100.00 EUR to landlord
casino: the call was refused: the policy forbids it: no bets
"#;
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        expect,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
