//! What code in a container cannot reach, and what it is given.

use super::Engine;
use crate::common::{feed, open, text};
use smol_core::exec::{Outcome, SandboxSpec};
use std::{fs, os::unix::fs::chown};

pub(super) async fn all(engine: &Engine) {
    nothing_outside_can_be_reached(engine).await;
    what_is_granted_can_be_used(engine).await;
}

async fn nothing_outside_can_be_reached(engine: &Engine) {
    let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
    for (code, kind) in [
        ("import socket\nsocket.create_connection(('127.0.0.1', 80), 2)", "ConnectionRefusedError"),
        ("socket.create_connection(('192.0.2.1', 80), 2)", "OSError"),
        ("open('/usr/x', 'w')", "OSError"),
        ("open('/etc/x', 'w')", "OSError"),
        ("import os\nos.mkdir('/x')", "OSError"),
        ("os.setuid(0)", "PermissionError"),
        ("os.chown('/tmp', 0, 0)", "PermissionError"),
        ("os.mknod('/tmp/device', 0o60600, os.makedev(8, 0))", "PermissionError"),
        ("os.nice(-5)", "PermissionError"),
    ] {
        match feed(&mut *sandbox, code).await {
            // `PermissionError` is one of the `OSError`s, and engines differ in which comes first.
            Outcome::Raised { kind: raised, .. } => {
                assert!(
                    raised == kind || (kind == "OSError" && raised == "PermissionError"),
                    "{code}: {raised}"
                );
            }
            other => panic!("{code}: {other:?}"),
        }
    }
    for (code, expect) in [
        ("os.getuid(), os.getgid()", "(65534, 65534)"),
        ("sorted(os.listdir('/sys/class/net'))", "['lo']"),
        (
            "[line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')]",
            "['0000000000000000', '0000000000000000', '0000000000000000', '0000000000000000', '0000000000000000']",
        ),
        ("[line.split()[1] for line in open('/proc/self/status') if line.startswith('NoNewPrivs')]", "['1']"),
        ("__import__('ctypes').CDLL(None).unshare(0x40000000)", "-1"),
        ("os.getcwd(), os.listdir('.')", "('/work', [])"),
        ("[name for name in os.environ if 'DOCKER' in name or 'CARGO' in name]", "[]"),
        ("len([name for name in os.listdir('/proc') if name.isdigit()]) < 5", "True"),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expect, "{code}");
    }
}

async fn what_is_granted_can_be_used(engine: &Engine) {
    let (given, shown) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    chown(given.path(), Some(1234), Some(1234)).unwrap();
    chown(shown.path(), Some(1234), Some(1234)).unwrap();
    fs::write(shown.path().join("read"), "me").unwrap();
    let executor = engine.executor().working_folder(given.path()).read_only(shown.path()).network(true);
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    let path = shown.path().display();
    for (code, expect) in [
        ("import os, subprocess\nos.getuid()", "1234".to_owned()),
        ("open('made', 'w').write('1')", "1".to_owned()),
        (&format!("open('{path}/read').read()"), "'me'".to_owned()),
        ("sorted(os.listdir('/sys/class/net'))", "['eth0', 'lo']".to_owned()),
        ("subprocess.run(['sh', '-c', 'exit 3']).returncode", "3".to_owned()),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expect, "{code}");
    }
    let outcome = feed(&mut *sandbox, &format!("open('{path}/made', 'w')")).await;
    assert!(
        matches!(&outcome, Outcome::Raised { error, .. } if error.contains("Read-only file system")),
        "{outcome:?}"
    );
    assert_eq!(fs::read_to_string(given.path().join("made")).unwrap(), "1");
}
