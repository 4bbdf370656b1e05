//! State from block to block, the last expression's value, what is printed, tracebacks.

use super::{plain, sandbox};
use crate::common::{error, feed, logs, text};
use smol_core::exec::{Executor, Outcome};

pub(super) async fn blocks_share_their_state(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in [
        ("x = 1", ""),
        ("x += 1\nx", "2"),
        ("def double(n):\n    return 2 * n", ""),
        ("double(x)", "4"),
        ("import json", ""),
        ("json.dumps({'a': [1, None]})", "'{\"a\": [1, null]}'"),
        ("class Point:\n    def __init__(self, x): self.x = x\np = Point(3)", ""),
        ("p.x", "3"),
        ("None", ""),
        ("'text'", "'text'"),
        ("for i in range(3):\n    i", ""),
        ("", ""),
        ("# only a comment", ""),
        ("x; y = 5", ""),
        ("y", "5"),
        ("_ = 7\n_", "7"),
        ("__name__", "'__main__'"),
        ("import inspect\ninspect.getsource(double)", "'def double(n):\\n    return 2 * n\\n'"),
        ("import pickle\npickle.loads(pickle.dumps(Point(4))).x", "4"),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
}

pub(super) async fn what_is_printed_comes_with_the_outcome(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in [
        ("print('a', 1)", "a 1\n"),
        ("pass", ""),
        ("import sys\nsys.stderr.write('err\\n')\nprint('out')", "err\nout\n"),
        ("print('no line end', end='')", "no line end"),
        ("print('before')\n1/0", "before\n"),
        ("sys.stdout.buffer.write('bytes ü\\n'.encode())", "bytes ü\n"),
        ("print('half \\ud800')", "half \\ud800\n"),
        ("import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('caught')", ""),
        ("sys.stdout = None", ""),
        ("print('a replaced stream is put back')", "a replaced stream is put back\n"),
    ] {
        assert_eq!(logs(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
}

pub(super) async fn tracebacks_are_those_of_cpython_and_begin_at_the_users_block(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    feed(&mut *sandbox, "def divide(a):\n    return a / 0").await;
    for (code, kind, expected) in [
        (
            "x = 1\ndivide(x)",
            "ZeroDivisionError",
            "Traceback (most recent call last):\n  File \"<block 2>\", line 2, in <module>\n    divide(x)\n  \
             File \"<block 1>\", line 2, in divide\n    return a / 0\nZeroDivisionError: division by zero",
        ),
        ("1 +", "SyntaxError", "  File \"<block 3>\", line 1\n    1 +\nSyntaxError: invalid syntax"),
        (
            "raise SystemExit(3)",
            "SystemExit",
            "Traceback (most recent call last):\n  File \"<block 4>\", line 1, in <module>\n    raise SystemExit(3)\nSystemExit: 3",
        ),
        (
            "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('no k') from e",
            "ValueError",
            "Traceback (most recent call last):\n  File \"<block 5>\", line 2, in <module>\n    {}['k']\nKeyError: 'k'\n\n\
             The above exception was the direct cause of the following exception:\n\n\
             Traceback (most recent call last):\n  File \"<block 5>\", line 4, in <module>\n    raise ValueError('no k') from e\nValueError: no k",
        ),
        (
            "class Odd(Exception):\n    pass\nraise Odd()",
            "Odd",
            "Traceback (most recent call last):\n  File \"<block 6>\", line 3, in <module>\n    raise Odd()\nOdd",
        ),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert_eq!(plain(error(&outcome)), expected, "{code}");
        assert!(matches!(&outcome, Outcome::Raised { kind: found, .. } if found == kind), "{outcome:?}");
    }
}

pub(super) async fn deep_recursion_is_an_exception_and_the_session_lives_on(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    let outcome = feed(&mut *sandbox, "def dive(n):\n    return dive(n + 1)\ndive(0)").await;
    assert!(error(&outcome).contains("RecursionError"), "{outcome:?}");
    assert_eq!(text(&feed(&mut *sandbox, "1 + 1").await), "2");
}
