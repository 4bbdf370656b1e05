//! Tracebacks to the last mark: which Python it is is known here.

use super::sandbox;
use crate::common::{error, feed};

#[tokio::test]
async fn marks_show_the_place() {
    let mut sandbox = sandbox().await;
    for (code, expected) in [
        (
            "def divide(a):\n    return a / 0\ndivide(1)",
            "Traceback (most recent call last):\n  File \"<block 1>\", line 3, in <module>\n    divide(1)\n    ~~~~~~^^^\n  \
             File \"<block 1>\", line 2, in divide\n    return a / 0\n           ~~^~~\nZeroDivisionError: division by zero",
        ),
        ("1 +", "  File \"<block 2>\", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax"),
    ] {
        assert_eq!(error(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
}
