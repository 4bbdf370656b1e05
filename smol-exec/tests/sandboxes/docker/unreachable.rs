//! Engines that do not answer: what is told, without any engine.

use smol_core::exec::{Executor, SandboxSpec};
use smol_exec::Docker;

#[tokio::test]
async fn an_engine_that_does_not_answer_is_told_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.sock");
    let stale = folder.path().join("stale.sock");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    for (address, hint) in [
        (format!("unix://{}", missing.display()), "is it running?"),
        (format!("unix://{}", stale.display()), "is it running?"),
        ("tcp://127.0.0.1:1".to_owned(), "is it running?"),
        ("carrier-pigeon://loft".to_owned(), "the address begins with"),
    ] {
        let opened = Docker::new().engine(&address).open(SandboxSpec::default(), &|_| ()).await;
        let message = opened.err().expect("nothing answers").to_string();
        assert!(message.contains(&address) && message.contains(&format!("hint: {hint}")), "{message}");
    }
}
