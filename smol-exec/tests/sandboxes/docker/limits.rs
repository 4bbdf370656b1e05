//! What a container may take in sum.

use super::Engine;
use crate::common::{feed, lost, open, text};
use smol_core::exec::{Outcome, SandboxSpec};

pub(super) async fn all(engine: &Engine) {
    processes_are_counted(engine).await;
    files_are_bounded(engine).await;
    memory_is_bounded_in_sum(engine).await;
    processors_are_bounded(engine).await;
}

async fn processes_are_counted(engine: &Engine) {
    let mut sandbox = open(&engine.executor().processes(16), SandboxSpec::default()).await;
    let code = "
import os, time
count = 0
try:
    while count < 100:
        if os.fork() == 0:
            time.sleep(1000)
        count += 1
except BlockingIOError:
    pass
5 < count < 16";
    assert_eq!(text(&feed(&mut *sandbox, code).await), "True");
}

async fn files_are_bounded(engine: &Engine) {
    let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
    let code = "
piece = bytes(1 << 20)
def fill(path):
    with open(path, 'wb') as file:
        for _ in range(300):
            file.write(piece)
fill('/tmp/large')";
    let outcome = feed(&mut *sandbox, code).await;
    assert!(matches!(&outcome, Outcome::Raised { kind, .. } if kind == "OSError"), "{outcome:?}");
    assert_eq!(
        text(&feed(&mut *sandbox, "import os\nos.path.getsize('/tmp/large') <= 256 << 20").await),
        "True"
    );
}

async fn memory_is_bounded_in_sum(engine: &Engine) {
    let mut sandbox = open(&engine.executor().memory(200 << 20), SandboxSpec::default()).await;
    let code = "
import os
piece = bytes(1 << 20)
for path in ('/tmp/one', os.path.join('/work', 'two')):
    with open(path, 'wb') as file:
        for _ in range(240):
            file.write(piece)";
    let outcome = feed(&mut *sandbox, code).await;
    assert!(lost(&outcome).contains("more than 419430400 bytes of memory"), "{outcome:?}");
    engine.is_empty().await;
}

async fn processors_are_bounded(engine: &Engine) {
    let _sandbox = {
        let mut sandbox = open(&engine.executor().cpus(0.5), SandboxSpec::default()).await;
        assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
        sandbox
    };
    let found = engine.containers().await;
    let told = engine.client.inspect_container(found.first().unwrap(), None).await.unwrap();
    assert_eq!(told.host_config.unwrap().nano_cpus, Some(500_000_000));
}
