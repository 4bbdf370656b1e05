//! The command line of `bubblewrap`.

use super::{Confinement, launch::Places, python::Python};
use crate::keeper;
use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::Command,
};

/// Who code is inside; the system's name for it is nobody.
const NOBODY: &str = "65534";

/// What Python and its libraries need of the system, read only; what a machine lacks is left out.
const SYSTEM: &[&str] = &[
    "/usr",
    "/lib",
    "/lib64",
    "/lib32",
    "/bin",
    "/sbin",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/mime.types",
];

/// What code needs besides where it may use the network.
const NETWORK: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/ca-certificates",
    "/run/systemd/resolve",
];

/// The options that confine what comes after them.
pub(super) fn options(python: &Python, places: &Places, network: bool) -> Vec<OsString> {
    let mut options = Options(Vec::new());
    options.add(["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]);
    options.add(["--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox"]);
    for path in SYSTEM {
        options.add(["--ro-bind-try", path, path]);
    }
    options.add(["--proc", "/proc", "--dev", "/dev"]);
    if network {
        options.add(["--share-net"]);
        for path in NETWORK {
            options.add(["--ro-bind-try", path, path]);
        }
    }
    options.tmpfs("/tmp", places.space);
    for folder in python.folders.iter().chain(&places.readable) {
        options.bind("--ro-bind-try", folder);
    }
    match &places.folder {
        Some(folder) => options.bind("--bind", folder),
        None => options.tmpfs(places.work(python), places.space),
    }
    options.add(["--remount-ro", "/", "--chdir", "/"]);
    options.0
}

struct Options(Vec<OsString>);

impl Options {
    fn add<const N: usize>(&mut self, options: [&str; N]) {
        self.0.extend(options.map(OsString::from));
    }

    fn bind(&mut self, how: &str, path: &Path) {
        self.0.extend([how.as_ref(), path.as_os_str(), path.as_os_str()].map(OsStr::to_owned));
    }

    fn tmpfs(&mut self, path: impl AsRef<OsStr>, bytes: u64) {
        self.add(["--size", &bytes.to_string(), "--tmpfs"]);
        self.0.push(path.as_ref().to_owned());
    }
}

/// Whether `bubblewrap` is there and may make namespaces, which some systems forbid.
pub(super) async fn works(python: &Python) -> Result<Confinement, String> {
    let mut command = Command::new("bwrap");
    command
        .args(options(python, &Places::default(), false))
        .arg("--")
        .arg(&python.program)
        .args(["-I", "-c", ""]);
    let output = keeper::output(command).await.map_err(|error| format!("`bwrap`: {error}"))?;
    if output.status.success() {
        return Ok(Confinement::Bubblewrap);
    }
    Err(format!("`bwrap`: {}", keeper::complaint(&output)))
}
