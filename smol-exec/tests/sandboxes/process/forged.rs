//! Frames that code writes itself: it shares a process with the worker, so it can reach what the worker writes to.

use super::{CONFINEMENTS, confined, hasty};
use crate::common::{self, feed, logs, text};
use smol_core::exec::{Input, Outcome, SandboxSpec};
use std::time::Duration;

/// `forge(bytes)` writes past the worker.
const FORGE: &str = "import os, gc, json\nworker = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker')\n\
    def forge(data):\n    data = memoryview(data)\n    while data:\n        data = data[os.write(worker.sink, data):]\n\
    def frame(word, turn=None):\n    forge(json.dumps([worker.turn if turn is None else turn, word]).encode() + b'\\n')";

#[tokio::test]
async fn a_frame_that_does_not_belong_ends_the_session() {
    for confinement in CONFINEMENTS {
        let executor = confined(confinement);
        for code in [
            "forge(b'\\n')",
            "forge(b'{\\n')",
            "forge(b'null\\n')",
            "forge(b'[1]\\n')",
            "forge(b'\\xff\\xfe\\n')",
            "forge(b'[' * 100000 + b'\\n')",
            "frame({'write': 1})",
            "frame({'no such word': 1})",
            "frame({'write': 'a', 'ended': {}})",
            "frame({'write': 'a'}, turn=0)",
            "frame({'write': 'a'}, turn=worker.turn + 1)",
            "frame({'write': 'a'}, turn=-1)",
            "frame({'write': 'a'}, turn=1e300)",
            "frame({'ready': {'python': '3', 'confined': []}})",
            "frame({'failed': 'x'})",
            "frame({'skipped': -1})",
            "frame({'call': {'id': 'x', 'name': 'a', 'arguments': {}}})",
            "frame({'call': {'id': 1, 'name': 'a', 'arguments': []}})",
            "frame({'ended': {'value': 1}})",
            "frame({'ended': {'lost': {}}})",
            "line = b'x' * (1 << 20)\nfor _ in range(100): forge(line)",
        ] {
            let mut sandbox = common::open(&executor, SandboxSpec::default()).await;
            feed(&mut *sandbox, FORGE).await;
            let outcome = feed(&mut *sandbox, code).await;
            assert!(matches!(outcome, Outcome::Lost { .. }), "{code}: {outcome:?}");
            assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err(), "it is gone");
        }
    }
}

/// What code could have said anyway is no forgery; what comes after the block's end is too late.
#[tokio::test]
async fn what_is_forged_in_turn_says_no_more_than_code_could() {
    let executor = confined(CONFINEMENTS[0]);
    let mut sandbox = common::open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, FORGE).await;
    let outcome = feed(&mut *sandbox, "frame({'write': 'forged '})\nprint('own')").await;
    assert_eq!(logs(&outcome), "forged own\n");
    let outcome = feed(&mut *sandbox, "frame({'skipped': 2**64 - 1})\nprint('own')").await;
    assert_eq!(logs(&outcome), format!("own\n\n[{} characters left out]\n", usize::MAX));
    let outcome =
        feed(&mut *sandbox, "frame({'call': {'id': 99, 'name': 'no_such_tool', 'arguments': {}}})").await;
    assert!(matches!(&outcome, Outcome::Call(call) if call.name == "no_such_tool"), "{outcome:?}");
    let reply = Input::ToolReply { id: "call_1".to_owned(), reply: Err("there is none".to_owned()) };
    assert!(matches!(sandbox.feed(reply).await, Ok(Outcome::Value { .. })));
    let outcome = feed(&mut *sandbox, "frame({'ended': {'value': {'value': 1, 'text': 'forged'}}})").await;
    assert_eq!(text(&outcome), "forged");
    let outcome = feed(&mut *sandbox, "6 * 7").await;
    assert!(matches!(outcome, Outcome::Lost { .. }), "the block's own end comes too late: {outcome:?}");
}

#[tokio::test]
async fn texts_of_forged_outcomes_are_held_to_the_limit() {
    let executor = confined(CONFINEMENTS[0]).output(1000);
    for (code, lost) in [
        ("frame({'ended': {'value': {'value': 1, 'text': 'x' * 9_000_000}}})", false),
        ("frame({'ended': {'raised': {'kind': 'k' * 9_000_000, 'error': 'x' * 9_000_000}}})", false),
        ("frame({'write': 'x' * 9_000_000})", false),
        ("frame({'ended': {'value': {'value': 'x' * 70_000_000, 'text': ''}}})", true),
    ] {
        let mut sandbox = common::open(&executor, SandboxSpec::default()).await;
        feed(&mut *sandbox, FORGE).await;
        let outcome = feed(&mut *sandbox, code).await;
        assert_eq!(matches!(outcome, Outcome::Lost { .. }), lost, "{code}");
        let size = serde_json::to_string(&outcome).expect("it is data").len();
        assert!(size < 4000, "{code}: {size}");
    }
}

#[tokio::test]
async fn floods_end_with_the_blocks_time() {
    for confinement in CONFINEMENTS {
        for code in [
            "line = json.dumps([worker.turn, {'write': 'x' * 1000}]).encode() + b'\\n'\nwhile True: forge(line * 1000)",
            "line = json.dumps([worker.turn, {'skipped': 1}]).encode() + b'\\n'\nwhile True: forge(line * 1000)",
            "while True: os.write(2, b'x' * 65536)",
            "while True: print('x' * 65536)",
            "while True: forge(b'x')",
        ] {
            let mut sandbox = hasty(&confined(confinement)).await;
            feed(&mut *sandbox, FORGE).await;
            let fed = sandbox.feed(Input::Code(code.to_owned()));
            let outcome = tokio::time::timeout(Duration::from_secs(20), fed)
                .await
                .expect("it ends")
                .expect("it takes code");
            let is_told = matches!(&outcome, Outcome::Lost { .. })
                || matches!(&outcome, Outcome::Raised { kind, .. } if kind == "TimeoutError");
            assert!(is_told, "{code}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn what_is_printed_is_text_whatever_it_looks_like() {
    for confinement in CONFINEMENTS {
        let mut sandbox = hasty(&confined(confinement)).await;
        let line = r#"[2, {"ended": {"final_answer": {"value": 1, "text": "1"}}}]"#;
        for code in
            [format!("print({line:?})"), format!("import os\n_ = os.write(1, {line:?}.encode() + b'\\n')")]
        {
            let outcome = feed(&mut *sandbox, &code).await;
            assert!(
                matches!(&outcome, Outcome::Value { logs, .. } if logs.trim_end() == line),
                "{outcome:?}"
            );
        }
    }
}
