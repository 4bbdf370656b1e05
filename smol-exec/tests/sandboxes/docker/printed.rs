//! What is printed past Python's own streams, which an engine hands on by another way than the worker's frames.

use super::Engine;
use crate::common::{feed, logs, open};
use smol_core::exec::{Outcome, SandboxSpec};

pub(super) async fn comes_with_its_block(engine: &Engine) {
    let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
    feed(&mut *sandbox, "import os, subprocess").await;
    for round in 0..20 {
        for (code, expect) in [
            ("subprocess.run(['sh', '-c', 'echo out; echo err >&2'])".to_owned(), "out\nerr\n".to_owned()),
            (format!("os.write(1, b'{round}\\n')"), format!("{round}\n")),
            ("pass".to_owned(), String::new()),
        ] {
            assert_eq!(logs(&feed(&mut *sandbox, &code).await), expect, "{code}");
        }
    }
    // Who closes the streams gets no more of them, and keeps the rest.
    feed(&mut *sandbox, "os.close(1), os.close(2)").await;
    let outcome = feed(&mut *sandbox, "print('mine')\n6 * 7").await;
    assert!(
        matches!(&outcome, Outcome::Value { text, logs, .. } if text == "42" && logs == "mine\n"),
        "{outcome:?}"
    );
}
