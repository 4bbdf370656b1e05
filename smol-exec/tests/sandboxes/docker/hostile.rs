//! Workers that end, or say what they should not, and engines that end.

use super::Engine;
use crate::common::{feed, lost, open, text};
use bollard::query_parameters::RemoveContainerOptionsBuilder;
use smol_core::exec::{Executor, Input, SandboxSpec};

pub(super) async fn all(engine: &Engine) {
    a_worker_that_ends_is_lost(engine).await;
    a_container_may_be_removed_from_outside(engine).await;
}

async fn a_worker_that_ends_is_lost(engine: &Engine) {
    for (code, reason) in [
        ("import os\nos._exit(3)", "its container ended with status 3"),
        ("import os\nos.kill(os.getpid(), 9)", "its container was killed"),
        ("import ctypes\nctypes.string_at(0)", "its container ended with status 139"),
        ("import os\nos.write(4, b'[1,{\"ready\":1}]\\n')", "it sent a frame"),
    ] {
        let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
        let outcome = feed(&mut *sandbox, code).await;
        assert!(lost(&outcome).contains(reason), "{code}: {outcome:?}");
        assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err(), "it is gone");
    }
    engine.is_empty().await;
}

async fn a_container_may_be_removed_from_outside(engine: &Engine) {
    let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
    for name in engine.containers().await {
        let options = RemoveContainerOptionsBuilder::new().force(true).build();
        engine.client.remove_container(&name, Some(options)).await.unwrap();
    }
    let outcome = feed(&mut *sandbox, "1").await;
    assert!(lost(&outcome).contains("its container"), "{outcome:?}");
    engine.is_empty().await;
}

/// The last of the tests, since nothing works any more after it.
pub(super) async fn the_engine_may_end(engine: &mut Engine) {
    let executor = engine.executor();
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
    engine.stop();
    let outcome = feed(&mut *sandbox, "1").await;
    assert!(lost(&outcome).contains("its container"), "{outcome:?}");
    let mut second = open(&executor, SandboxSpec::default()).await;
    let error = second.feed(Input::Code("1".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("could not start the container"), "{error}");
    let error = engine.executor().open(SandboxSpec::default(), &|_| ()).await.err().unwrap();
    assert!(error.to_string().contains("hint: is it running?"), "{error}");
}
