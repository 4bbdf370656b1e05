//! A host with a secret in its files and in its environment, and somebody who listens for visitors.

use std::{
    fs,
    net::TcpListener,
    os::unix::net::UnixListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tempfile::TempDir;

/// What must not be found in anything that comes out of a sandbox.
const SECRET: &str = "canary-that-sings-7731";

/// The variable of this process that holds the secret.
const SECRET_NAME: &str = "SMOLAGENTS_CANARY";

/// What the host keeps for itself.
pub(super) struct Host {
    folder: TempDir,
    port: u16,
    visitors: Arc<AtomicUsize>,
    _socket: UnixListener,
}

impl Host {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Readable by all: it is the wall that is tried, not the rights of files.
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        fs::write(folder.path().join("secret"), SECRET).expect("a file");
        let socket = UnixListener::bind(folder.path().join("socket")).expect("a socket");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let visitors = Arc::new(AtomicUsize::new(0));
        let counted = visitors.clone();
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { folder, port, visitors, _socket: socket }
    }

    /// What a program is told before it runs.
    pub(super) fn told(&self) -> String {
        format!(
            "secret_file, secret_socket = {:?}, {:?}\nsecret_name, port, host = {SECRET_NAME:?}, {}, {}",
            self.folder.path().join("secret"),
            self.folder.path().join("socket"),
            self.port,
            std::process::id()
        )
    }

    /// What is wrong with a text that came out of a sandbox.
    pub(super) fn has_leaked(text: &str) -> bool {
        text.contains(SECRET)
    }

    /// Fails if anybody came by.
    pub(super) fn had_no_visitor(&self) {
        assert_eq!(self.visitors.load(Ordering::SeqCst), 0, "somebody connected");
    }
}

/// Puts the secret into this process's environment.
pub(super) fn keep_a_secret() {
    static SET: std::sync::Once = std::sync::Once::new();
    // SAFETY: set once, before any sandbox starts, and read by nothing else in these tests.
    #[expect(unsafe_code, reason = "the environment is what programs are after")]
    SET.call_once(|| unsafe { std::env::set_var(SECRET_NAME, SECRET) });
}
