//! How kernels, gateways and blocks end, and that nothing is left of them.

use super::{executor, gateway};
use crate::common::{error, feed, lost, open, text};
use smol_core::exec::{ExecError, Executor, Input, SandboxSpec};
use smol_exec::Jupyter;
use std::time::Duration;

/// Why no sandbox could be had from it.
async fn refusal(executor: &Jupyter) -> String {
    let opened = executor.open(SandboxSpec::default(), &|_| ()).await;
    let failed = match opened {
        Ok(mut sandbox) => sandbox.feed(Input::Code("1".to_owned())).await.err(),
        Err(error) => Some(error),
    };
    let error = failed.expect("it does not start");
    assert!(matches!(error, ExecError::Start { .. }), "{error:?}");
    format!("{error}")
}

#[tokio::test]
async fn a_server_that_does_not_serve_says_why() {
    let Some(gateway) = gateway::start() else { return };
    let url = gateway.url();
    let address = url.trim_start_matches("http://");
    for (executor, cause, hint) in [
        (Jupyter::new(&url), "answered 401", "by `token`"),
        (Jupyter::new(&url).token("wrong secret"), "answered 401", "by `token`"),
        (Jupyter::new(&url).token("two\nlines of secret"), "holds what no header may", "by `token`"),
        (Jupyter::new(format!("{url}/elsewhere")).token(gateway::TOKEN), "answered 40", "right server"),
        (Jupyter::new(format!("{url}/?token=secret")), "more than a place", "by `token`"),
        (Jupyter::new(format!("http://me:secret@{address}")), "more than a place", "by `token`"),
        (Jupyter::new("ws://127.0.0.1:1"), "`http` or `https`", ""),
        (Jupyter::new("secret"), "cannot be read", "http://127.0.0.1:8888"),
        (Jupyter::new("http://127.0.0.1:1").token("secret"), "cannot be reached", "the server runs"),
        (Jupyter::new(url.replace("http:", "https:")).token("secret"), "cannot be reached", ""),
    ] {
        let said = refusal(&executor).await;
        assert!(said.contains(cause) && said.contains(hint), "{said}");
        assert!(!format!("{said}{executor:?}").contains("secret"), "{said}");
    }
    assert_eq!(gateway::kernels(&url).await, 0);
}

#[tokio::test]
async fn blocks_and_kernels_end() {
    let Some(mut gateway) = gateway::start() else { return };
    let executor = executor(&gateway).time_per_block(Duration::from_secs(1));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "x = 'kept'").await;
    for code in [
        "while True: pass",
        "import time\ntime.sleep(100)",
        "import subprocess\nsubprocess.run(['sleep', '100'])",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(
            error(&outcome).ends_with("TimeoutError: the block ran 1.0 s, limit 1 s"),
            "{code}: {outcome:?}"
        );
        assert_eq!(text(&feed(&mut *sandbox, "x").await), "'kept'", "{code}");
    }
    let outcome = feed(&mut *sandbox, "max(iter(int, 1))").await;
    assert!(lost(&outcome).contains("limit 1 s"), "{outcome:?}");
    assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err(), "it is gone");

    let executor = executor.time_per_block(Duration::from_secs(30));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    let outcome = feed(&mut *sandbox, "import os\nos._exit(3)").await;
    assert!(lost(&outcome).contains("its kernel died"), "{outcome:?}");

    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    let dies = "import os, threading\nthreading.Timer(0.3, os._exit, [0]).start()";
    feed(&mut *sandbox, dies).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let outcome = feed(&mut *sandbox, "1").await;
    assert!(lost(&outcome).contains("its kernel died"), "{outcome:?}");

    for forged in ["{\"prompt\": \"?\"}", "{\"prompt\": \"=[7,{}]\\n\"}", "{\"prompt\": \"=nonsense\\n\"}"] {
        let mut sandbox = open(&executor, SandboxSpec::default()).await;
        let code = format!(
            "import IPython, time\nkernel = IPython.get_ipython().kernel\n\
             kernel.session.send(kernel.stdin_socket, 'input_request', {forged}, kernel.get_parent('shell'), ident=kernel._parent_ident['shell'])\n\
             time.sleep(20)"
        );
        let outcome = feed(&mut *sandbox, &code).await;
        assert!(lost(&outcome).contains("it sent a"), "{forged}: {outcome:?}");
    }

    // Dropped at once, and dropped while it opens.
    drop(open(&executor, SandboxSpec::default()).await);
    drop(executor);
    assert_eq!(gateway::kernels(&gateway.url()).await, 0, "nothing is left");

    let executor = super::executor(&gateway);
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    gateway.kill();
    let outcome = feed(&mut *sandbox, "2").await;
    assert!(lost(&outcome).contains("connection"), "{outcome:?}");
}
