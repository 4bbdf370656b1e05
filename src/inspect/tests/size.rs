//! Code that is too long or too deep for anybody.

use super::inspect;
use crate::inspect::{Inspection, LONGEST};

#[test]
fn no_depth_exhausts_the_stack() {
    // What opens a level, what is at the bottom, what closes a level.
    let shapes = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{", "1", "}"),
        ("(", "", ""),
        ("[", "", ""),
        ("-", "1", ""),
        ("not ", "1", ""),
        ("", "1", "+1"),
        ("1**", "1", ""),
        ("", "a", ".a"),
        ("", "a", "()"),
        ("", "a", "[0]"),
        ("visit(", "1", ")"),
        ("lambda:", "1", ""),
        ("1 if 1 else ", "1", ""),
        ("[", "1", " for a in b]"),
        ("f(lambda a=", "1", ":1)"),
        ("{a:", "1", "}"),
        ("*", "a", ""),
        ("await ", "a", ""),
        ("f'{", "1", "}'"),
        ("f'{1:{", "1", "}}'"),
        ("with (", "a", ")"),
        ("match (", "a", ")"),
        ("match a:\n case ", "[[[[1]]]]", ": pass\n"),
        ("try: pass\nexcept (", "a", ",)"),
        ("a = ", "a", ""),
        ("@", "a", "\n"),
        ("a and b or ", "a", ""),
        ("a < ", "a", ""),
        ("'' ", "''", ""),
    ];
    for (open, bottom, close) in shapes {
        let deepest = (LONGEST - bottom.len()) / (open.len() + close.len());
        for depth in [100, 3000, deepest, 200_000] {
            let code = [&open.repeat(depth), bottom, &close.repeat(depth)].concat();
            let found = inspect(&code, &[&code]);
            assert!(found.calls.len() < 2, "{open}{bottom}{close}");
        }
    }
}

#[test]
fn deep_blocks_are_read() {
    let nested =
        |head: &str| (0..200).map(|depth| format!("{}{head}\n", " ".repeat(depth))).collect::<String>();
    for head in ["if 1:", "def f():", "class A:", "try:", "match 1:\n case"] {
        let code = format!("{}{}visit(1)\n", nested(head), " ".repeat(200));
        inspect(&code, &[]);
    }
    let code = format!("{}{}visit(1)\n", nested("if 1:"), " ".repeat(200));
    assert_eq!(inspect(&code, &[]).calls.len(), 1);
}

#[test]
fn code_that_is_too_long_is_not_read_and_may_have_bound_anything() {
    let long = format!("visit(1){}", " ".repeat(LONGEST));
    assert_eq!(inspect(&long, &[]), Inspection::default());
    assert_eq!(inspect("foo(1)", &[&long]), Inspection::default());
    assert_eq!(inspect(&format!("visit(1){}", "\n".repeat(LONGEST - 8)), &[]).calls.len(), 1);
    assert_eq!(inspect(&"visit(1)\n".repeat(600_000), &[]), Inspection::default());
}

#[test]
fn many_of_anything_are_read() {
    let many = |text: &dyn Fn(usize) -> String| (0..3000).map(text).collect::<String>();
    for code in [
        many(&|index| format!("name_{index}()\n")),
        many(&|index| format!("n{index} = 1\n")) + "n(1)",
        format!("visit({})", many(&|index| format!("a{index}=1, "))),
        format!("{}visit(1){}", "lambda log:".repeat(2000), " + visit(1)".repeat(2000)),
        format!("{} = visit(1)", many(&|index| format!("x[visit(n{index})], "))),
        "visit(1); web_search()\n".repeat(2000),
        "a".repeat(30_000) + "()\n" + &"b".repeat(30_000) + "()",
    ] {
        let found = inspect(&code, &[&code]);
        assert!(!found.calls.is_empty() || !found.faults.is_empty());
        assert!(found.faults.iter().map(String::len).sum::<usize>() < 2 * LONGEST);
    }
}
