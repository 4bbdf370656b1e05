//! One sandbox's command: who runs it, where it works, in which group, and what it takes from itself.

use super::{
    Confinement, Settings, bubblewrap,
    control_group::{Bounds, ControlGroup},
    filter,
    python::Python,
    start_error,
};
use crate::{
    folder,
    keeper::{Parting, on_path},
    limits::Limits,
    worker::{BOOTSTRAP, ENVIRONMENT, Pipes},
};
use serde_json::{Value, json};
use smol_core::exec::ExecError;
use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// Processes and threads that there may be at once, unless it is set.
const PROCESSES: u32 = 64;

/// The largest file, and the space of a sandbox's own files, in bytes.
const SPACE: u64 = 256 << 20;

/// How much more than one process a group may take: what its files in memory hold, and its other processes.
const GROUP_SHARE: u64 = 2;

/// Goes into the groups it is given, and becomes what comes after `--`.
const ENTER: &str = r#"while [ "$1" != -- ]; do echo 0 > "$1" || exit 125; shift; done; shift; exec "$@""#;

/// The files of a sandbox, besides those of the system and of Python.
pub(super) struct Places {
    /// Where it works, if not in files of its own.
    pub(super) folder: Option<PathBuf>,
    pub(super) readable: Vec<PathBuf>,
    /// Bytes of its own files.
    pub(super) space: u64,
}

/// A worker that is ready to start.
pub(super) struct Launch {
    command: Command,
    /// What it takes from itself.
    pub(super) confine: Value,
    leftovers: Leftovers,
}

/// What ends with a worker.
struct Leftovers {
    _group: Option<ControlGroup>,
    folder: Option<PathBuf>,
}

/// What a working folder of its own may be called.
const OWN_FOLDERS: [&str; 3] = [folder::OWN, "/workspace", "/sandbox"];

/// All that a sandbox is made of.
struct Plan<'a> {
    python: &'a Python,
    confinement: Confinement,
    settings: &'a Settings,
    places: Places,
    memory: u64,
    processes: u32,
    group: Option<ControlGroup>,
    /// Whom it becomes, if it is started by root.
    user: Option<u32>,
}

/// Makes what a sandbox needs.
pub(super) fn prepare(
    python: &Python,
    confinement: Confinement,
    settings: &Settings,
    limits: &Limits,
) -> Result<Launch, ExecError> {
    let processes = settings.processes.unwrap_or(PROCESSES);
    let memory = u64::try_from(limits.memory).unwrap_or(u64::MAX);
    let group = ControlGroup::make(&Bounds { memory: memory.saturating_mul(GROUP_SHARE), processes });
    let mut places = Places::of(settings)?;
    let user = user(confinement, &places, group.is_some());
    let own = needs_folder(confinement, &places).then(|| folder::make(user)).transpose();
    let own = own.map_err(|error| start_error(format!("it could not make a working folder: {error}"), ""))?;
    places.folder = places.folder.or_else(|| own.clone());
    let plan = Plan { python, confinement, settings, places, memory, processes, group, user };
    let (command, confine) = (plan.command(), plan.confine()?);
    Ok(Launch { command, confine, leftovers: Leftovers { _group: plan.group, folder: own } })
}

impl Plan<'_> {
    fn work(&self) -> &Path {
        self.places.work(self.python)
    }

    /// See `confine.py`.
    fn confine(&self) -> Result<Value, ExecError> {
        let is_confined = self.confinement != Confinement::None;
        let filters = filter::programs(self.confinement, self.settings.network);
        let filters = is_confined.then_some(filters).transpose().map_err(|error| start_error(error, ""))?;
        let by_landlock = self.confinement == Confinement::Landlock;
        let has_processes_of_its_own = self.confinement == Confinement::Bubblewrap;
        // What is null is not done.
        Ok(json!({
            "folder": path(self.work()),
            "limits": self.limits(),
            "user": self.user.filter(|_| by_landlock),
            "die_with_parent": (!has_processes_of_its_own).then(std::process::id),
            "no_new_privileges": is_confined.then_some(true),
            "landlock": by_landlock.then(|| self.landlock()),
            "filters": filters,
        }))
    }

    fn limits(&self) -> Value {
        // Of a user who has other processes, those would count too.
        let counts_own = self.confinement == Confinement::Bubblewrap || self.user.is_some();
        let processes = (self.group.is_none() && counts_own).then_some(self.processes);
        json!({ "as": self.memory, "fsize": SPACE, "core": 0, "nofile": 256, "nproc": processes })
    }

    fn landlock(&self) -> Value {
        let system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"];
        let network = ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl"];
        let mut read: Vec<&Path> = system.iter().map(Path::new).collect();
        read.extend(network.iter().map(Path::new).filter(|_| self.settings.network));
        read.extend(self.python.folders.iter().chain(&self.places.readable).map(PathBuf::as_path));
        let write = [self.work(), Path::new("/dev/null"), Path::new("/dev/urandom")];
        let [read, write] =
            [&read[..], &write].map(|paths| paths.iter().map(|found| path(found)).collect::<Vec<_>>());
        json!({ "read": read, "write": write, "network": self.settings.network })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(on_path("sh"));
        command.args(["-c", ENTER, "sh"]).args(self.group.iter().flat_map(ControlGroup::entrances)).arg("--");
        if self.confinement == Confinement::Bubblewrap {
            if let Some(user) = self.user.map(|user| user.to_string()) {
                command.arg(on_path("setpriv")).args([
                    "--reuid",
                    &user,
                    "--regid",
                    &user,
                    "--clear-groups",
                    "--",
                ]);
            }
            command
                .arg(on_path("bwrap"))
                .args(bubblewrap::options(self.python, &self.places, self.settings.network))
                .arg("--");
        }
        command.arg(&self.python.program).args(["-s", "-c", BOOTSTRAP]);
        self.environment(&mut command);
        command
    }

    /// Nothing of the host's own environment is there.
    fn environment(&self, command: &mut Command) {
        let temporary =
            if self.confinement == Confinement::Bubblewrap { Path::new("/tmp") } else { self.work() };
        command.env_clear().current_dir("/");
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").envs(ENVIRONMENT);
        command.env("HOME", self.work()).env("TMPDIR", temporary).env("MPLCONFIGDIR", temporary);
    }
}

impl Default for Places {
    fn default() -> Self {
        Self { folder: None, readable: Vec::new(), space: SPACE }
    }
}

impl Places {
    fn of(settings: &Settings) -> Result<Self, ExecError> {
        let real = |path: &PathBuf| {
            let hint = "the working folder and what is read only must be there before the sandbox opens";
            fs::canonicalize(path)
                .map_err(|error| start_error(format!("`{}`: {error}", path.display()), hint))
        };
        let folder = settings.folder.as_ref().map(real).transpose()?;
        let readable = settings.readable.iter().map(real).collect::<Result<_, _>>()?;
        Ok(Self { folder, readable, ..Self::default() })
    }

    /// Where code works: in the folder that it was given, or in one of its own, which must hide nothing that it reads.
    pub(super) fn work(&self, python: &Python) -> &Path {
        let hides =
            |own: &&str| python.folders.iter().chain(&self.readable).any(|path| path.starts_with(own));
        let own = OWN_FOLDERS.iter().find(|own| !hides(own)).unwrap_or(&folder::OWN);
        self.folder.as_deref().unwrap_or(Path::new(own))
    }
}

/// A path for `confine.py`: as text, or as its bytes if they are none.
fn path(path: &Path) -> Value {
    path.to_str().map_or_else(|| path.as_os_str().as_bytes().into(), Value::from)
}

/// Under bubblewrap it has files of its own.
fn needs_folder(confinement: Confinement, places: &Places) -> bool {
    confinement != Confinement::Bubblewrap && places.folder.is_none()
}

/// Whom a worker of root's becomes: the owner of its folder, or somebody whom nothing belongs to. Under bubblewrap that is
/// called for only where the kernel's count of processes, which is not made for root, is all that bounds them.
fn user(confinement: Confinement, places: &Places, has_group: bool) -> Option<u32> {
    /// Far beyond the users that systems give out.
    const FIRST: u32 = 0x7000_0000;
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let is_called_for = match confinement {
        Confinement::Bubblewrap => !has_group,
        Confinement::Landlock => true,
        Confinement::None => false,
    };
    if !is_called_for || !rustix::process::geteuid().is_root() {
        return None;
    }
    let owner = places.folder.as_ref().and_then(|folder| fs::metadata(folder).ok()).map(|found| found.uid());
    let somebody =
        || FIRST + (std::process::id() % 4096) * 1024 + COUNT.fetch_add(1, Ordering::Relaxed) % 1024;
    Some(owner.unwrap_or_else(somebody))
}

impl Launch {
    /// Starts it.
    pub(super) async fn start(self, parting: Arc<Parting>) -> Result<Pipes, ExecError> {
        let Self { command, leftovers, .. } = self;
        let failed = |error| start_error(format!("its process could not be started: {error}"), "");
        let mut pipes = Pipes::spawn(command, parting).await.map_err(failed)?;
        pipes.afterwards(move || drop(leftovers));
        Ok(pipes)
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(error) = fs::remove_dir_all(folder)
        {
            tracing::warn!(folder = %folder.display(), %error, "a working folder was not removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_folder_hides_nothing_that_is_read() {
        let check = |read: PathBuf, readable: &[&str], expect: &str| {
            let places =
                Places { readable: readable.iter().map(PathBuf::from).collect(), ..Places::default() };
            assert_eq!(places.work(&Python::reading(vec![read])), Path::new(expect), "{readable:?}");
        };
        check("/usr/lib/python3".into(), &[], "/work");
        check(Path::new(folder::OWN).join("venv"), &[], "/workspace");
        check("/usr/lib/python3".into(), &["/work", "/workspace/data"], "/sandbox");
    }
}
