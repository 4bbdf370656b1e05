//! What a worker has given up: its environment, system calls, resources.

use super::{CONFINEMENTS, confined, sandbox};
use crate::common::{feed, text};
use smol_exec::Confinement;

#[tokio::test]
async fn the_environment_is_not_the_hosts() {
    let hosts = std::env::var("PATH").expect("a path");
    for confinement in CONFINEMENTS {
        let mut sandbox = sandbox(&confined(confinement)).await;
        let names = "import os\nsorted(name for name in os.environ if name not in ('PWD', 'LC_CTYPE', 'OLDPWD', 'SHLVL', '_'))";
        let expected = "['HOME', 'LANG', 'MPLBACKEND', 'MPLCONFIGDIR', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'TMPDIR']";
        assert_eq!(text(&feed(&mut *sandbox, names).await), expected);
        let shown = feed(
            &mut *sandbox,
            "os.environ['PATH'], open('/proc/self/environ').read() if os.path.exists('/proc/self') else ''",
        )
        .await;
        assert!(matches!(shown, smol_core::exec::Outcome::Raised { .. }) || !text(&shown).contains(&hosts));
        assert_eq!(
            text(&feed(&mut *sandbox, "import sys\nsys.argv, sys.stdin.read() if sys.stdin else ''").await),
            "([''], '')"
        );
    }
}

/// Calls by number and arguments, each for the error `Operation not permitted`.
const REFUSED: &[(&str, &str)] = &[
    ("ptrace", "101, 0, 0, 0, 0"),
    ("mount", "165, b'none', b'/tmp', b'tmpfs', 0, None"),
    ("umount2", "166, b'/', 2"),
    ("unshare", "272, 0x10000000"),
    ("setns", "308, 0, 0"),
    ("keyctl", "250, 0, -3, 0"),
    ("add_key", "248, b'user', b'a', b'b', 1, -3"),
    ("bpf", "321, 0, None, 0"),
    ("perf_event_open", "298, None, 0, -1, -1, 0"),
    ("io_uring_setup", "425, 8, None"),
    ("userfaultfd", "323, 0"),
    ("process_vm_readv", "310, 1, None, 0, None, 0, 0"),
    ("open_by_handle_at", "304, -1, None, 0"),
    ("pivot_root", "155, b'/', b'/'"),
    ("chroot", "161, b'/'"),
    ("reboot", "169, 0, 0, 0, None"),
    ("init_module", "175, None, 0, b''"),
    ("kexec_load", "246, 0, 0, None, 0"),
    ("clone for a user's namespace", "56, 0x10000011, 0, 0, 0, 0"),
    ("the same calls as x32", "0x40000000 | 39"),
];

#[cfg(target_arch = "x86_64")]
#[tokio::test]
async fn calls_of_the_system_are_refused() {
    for confinement in CONFINEMENTS {
        let mut sandbox = sandbox(&confined(confinement)).await;
        feed(&mut *sandbox, "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\ndef call(*arguments):\n    return libc.syscall(*arguments), ctypes.get_errno()").await;
        for (name, arguments) in REFUSED {
            let outcome = feed(&mut *sandbox, &format!("call({arguments})")).await;
            assert_eq!(text(&outcome), "(-1, 1)", "{confinement:?}: {name}");
        }
        let absent = feed(&mut *sandbox, "call(435, None, 0)").await;
        assert_eq!(text(&absent), "(-1, 38)", "C libraries then fall back to the older call");
    }
}

#[tokio::test]
async fn under_landlock_there_are_no_other_processes() {
    let mut sandbox = sandbox(&confined(Confinement::Landlock)).await;
    for code in [
        "import os\nos.fork()",
        "os.kill(os.getppid(), 0)",
        "os.execv('/bin/true', ['true'])",
        "import subprocess\nsubprocess.run(['true'])",
        "import socket\nsocket.socket()",
        "os.setuid(0)",
        "os.listdir('/')",
        "os.listdir('/proc')",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        let error = crate::common::error(&outcome);
        assert!(
            error.contains("PermissionError") || error.contains("Operation not permitted"),
            "{code}: {error}"
        );
    }
}

#[tokio::test]
async fn nobody_runs_it_and_it_cannot_become_another() {
    for confinement in CONFINEMENTS {
        let mut sandbox = sandbox(&confined(confinement)).await;
        let code = "import os\n0 in (*os.getresuid(), *os.getresgid()), [os.getgroups(), 0][0 in os.getgroups()] == 0";
        assert_eq!(text(&feed(&mut *sandbox, code).await), "(False, False)", "{confinement:?}");
    }
}

#[tokio::test]
async fn resources_are_bounded() {
    for confinement in CONFINEMENTS {
        let executor = confined(confinement).processes(30).memory(256 << 20);
        let mut sandbox = sandbox(&executor).await;
        for (code, expected) in [
            ("import resource as r\nr.getrlimit(r.RLIMIT_AS)", "(268435456, 268435456)"),
            ("r.getrlimit(r.RLIMIT_FSIZE)", "(268435456, 268435456)"),
            ("r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_NOFILE)", "((0, 0), (256, 256))"),
            (
                "files = []\ntry:\n    while True: files.append(open('/dev/null'))\nexcept OSError as error: errno = error.errno\nfiles.clear()\nerrno",
                "24",
            ),
            (
                "import os\nbig = os.open('big', os.O_CREAT | os.O_RDWR)\ntry:\n    os.pwrite(big, b'x', 1 << 30)\nexcept OSError as error: errno = error.errno\nerrno",
                "27",
            ),
            (
                "import threading, time\nstarted = 0\nthreads = []\ntry:\n    while started < 200:\n        thread = threading.Thread(target=time.sleep, args=[0.5])\n        thread.start()\n        started += 1\nexcept RuntimeError: pass\nstarted < 30",
                "True",
            ),
        ] {
            let outcome = feed(&mut *sandbox, code).await;
            assert_eq!(text(&outcome), expected, "{confinement:?}: {code}");
        }
    }
}
