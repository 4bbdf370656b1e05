//! What code cannot reach.

use super::sandbox;
use crate::common::{feed, text};
use smol_core::exec::Outcome;

#[tokio::test]
async fn nothing_of_the_host_can_be_reached() {
    let mut sandbox = sandbox().await;
    for code in [
        "open('/etc/passwd').read()",
        "open('/x', 'w')",
        "open('../x', 'w')",
        "import os\nos.listdir('/')",
        "open(os.path.join('/work', '../x'), 'w')",
        "os.mkdir('/tmp/x')",
        "import socket\nsocket.create_connection(('127.0.0.1', 80))",
        "socket.getaddrinfo('localhost', 80)",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
        "import subprocess\nsubprocess.run(['ls'])",
        "os.system('ls')",
        "os.fork()",
        "import threading\nthreading.Thread(target=print).start()",
        "import ctypes",
        "input()",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(matches!(outcome, Outcome::Raised { .. }), "{code}: {outcome:?}");
    }
    assert_eq!(text(&feed(&mut *sandbox, "dict(os.environ), __import__('sys').argv[1:]").await), "({}, [])");
}
