//! What a container is told to be: all that is not needed is taken away.

use super::{Settings, engine::Engine, leftovers, printed::MARK, start_error};
use crate::{
    limits::Limits,
    worker::{BOOTSTRAP, ENVIRONMENT},
};
use bollard::models::{ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType};
use serde_json::{Value, json};
use smol_core::exec::ExecError;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Processes and threads that there may be at once, unless it is set.
const PROCESSES: u32 = 64;

/// Processors, unless it is set.
const CPUS: f64 = 1.0;

/// The largest file, and the space of each of a container's own folders, in bytes.
const SPACE: u64 = 256 << 20;

/// How much more than one process a container may take: what its files in memory hold, and its other processes.
const CONTAINER_SHARE: u64 = 2;

/// Where code works, if its user gave it no folder.
const OWN_FOLDER: &str = "/work";

/// What is told where a container does not start.
pub(super) const NEEDED: &str = "the image needs Python 3.11 or newer as `python3`";

/// Who code is; the system's name for it is nobody.
const NOBODY: (u32, u32) = (65534, 65534);

/// All that containers of one sandbox have in common.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    image: String,
    settings: Settings,
    folder: Option<PathBuf>,
    readable: Vec<PathBuf>,
    memory: u64,
    user: (u32, u32),
    is_podman: bool,
}

impl Plan {
    pub(super) fn make(
        engine: &Engine,
        image: &str,
        settings: &Settings,
        limits: &Limits,
    ) -> Result<Self, ExecError> {
        // An engine would make what is missing, as a folder of root's.
        let real = |path: &PathBuf| {
            let hint = "the working folder and what is read only must be there before the sandbox opens";
            fs::canonicalize(path)
                .map_err(|error| start_error(format!("`{}`: {error}", path.display()), hint))
        };
        let folder = settings.folder.as_ref().map(real).transpose()?;
        let readable = settings.readable.iter().map(real).collect::<Result<_, _>>()?;
        let owner = folder.as_deref().and_then(owner);
        let user = match owner {
            // The user who runs the engine, and whose files these are, is root inside.
            Some(_) if engine.is_rootless => (0, 0),
            owner => owner.unwrap_or(NOBODY),
        };
        Ok(Self {
            image: image.to_owned(),
            settings: settings.clone(),
            folder,
            readable,
            memory: u64::try_from(limits.memory).unwrap_or(u64::MAX),
            user,
            is_podman: engine.is_podman,
        })
    }

    /// Bytes that all of a container may take.
    pub(super) fn container_memory(&self) -> u64 {
        self.memory.saturating_mul(CONTAINER_SHARE)
    }

    /// What went wrong, when a container could not be started, may be due to this.
    pub(super) fn start_hint(&self) -> String {
        match &self.settings.runtime {
            Some(runtime) => {
                format!("does the engine know the runtime `{runtime}`? `docker info` lists those it has")
            }
            None => NEEDED.to_owned(),
        }
    }

    fn work(&self) -> &Path {
        self.folder.as_deref().unwrap_or(Path::new(OWN_FOLDER))
    }

    /// See `confine.py`.
    pub(super) fn confine(&self) -> Value {
        let limits = json!({ "as": self.memory, "fsize": SPACE, "core": 0, "nofile": 256 });
        json!({ "folder": self.work(), "limits": limits, "no_new_privileges": true, "mark": MARK })
    }

    /// The request that creates one.
    pub(super) fn body(&self) -> ContainerCreateBody {
        let (user, group) = self.user;
        let command = ["python3", "-s", "-c", BOOTSTRAP];
        ContainerCreateBody {
            image: Some(self.image.clone()),
            entrypoint: Some(command.map(str::to_owned).into()),
            cmd: Some(Vec::new()),
            env: Some(self.environment()),
            user: Some(format!("{user}:{group}")),
            working_dir: Some("/".to_owned()),
            hostname: Some("sandbox".to_owned()),
            labels: Some(leftovers::labels()),
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            open_stdin: Some(true),
            // Whoever held the stream has gone once it is cut: the worker then sees the end of its input.
            stdin_once: Some(true),
            host_config: Some(self.host_config()),
            ..Default::default()
        }
    }

    fn environment(&self) -> Vec<String> {
        let work = self.work().display().to_string();
        let own = [("HOME", work.as_str()), ("TMPDIR", "/tmp"), ("MPLCONFIGDIR", "/tmp")];
        ENVIRONMENT.iter().copied().chain(own).map(|(name, value)| format!("{name}={value}")).collect()
    }

    fn host_config(&self) -> HostConfig {
        let memory = i64::try_from(self.container_memory()).unwrap_or(i64::MAX);
        let folders = ["/tmp", OWN_FOLDER].into_iter().take(if self.folder.is_some() { 1 } else { 2 });
        let is_offline = !self.settings.network;
        HostConfig {
            // The engine removes it once it has ended, whether or not anybody is left to ask for that.
            auto_remove: Some(true),
            init: Some(true),
            readonly_rootfs: Some(true),
            cap_drop: Some(vec!["ALL".to_owned()]),
            security_opt: Some(vec!["no-new-privileges".to_owned()]),
            network_mode: is_offline.then(|| "none".to_owned()),
            memory: Some(memory),
            memory_swap: Some(memory),
            pids_limit: Some(self.settings.processes.unwrap_or(PROCESSES).into()),
            nano_cpus: Some(nanos(self.settings.cpus.unwrap_or(CPUS))),
            runtime: self.settings.runtime.clone(),
            tmpfs: Some(folders.map(|folder| (folder.to_owned(), self.tmpfs_options())).collect()),
            mounts: Some(self.mounts()),
            // What the worker says is a protocol, which nobody reads later.
            log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
            ..Default::default()
        }
    }

    /// `runc` gives it the mode of a folder that the image has there, so the owner is told too.
    fn tmpfs_options(&self) -> String {
        let (user, group) = self.user;
        let owner = if self.is_podman { String::new() } else { format!(",uid={user},gid={group}") };
        format!("size={SPACE},mode=1777{owner}")
    }

    fn mounts(&self) -> Vec<Mount> {
        let mount = |path: &PathBuf, read_only| Mount {
            source: Some(path.display().to_string()),
            target: Some(path.display().to_string()),
            typ: Some(MountType::BIND),
            read_only: Some(read_only),
            ..Default::default()
        };
        let readable = self.readable.iter().map(|path| mount(path, true));
        self.folder.iter().map(|path| mount(path, false)).chain(readable).collect()
    }
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).ok().map(|found| (found.uid(), found.gid()))
}

/// Elsewhere the engine runs in a machine of its own, which maps all users to one.
#[cfg(not(unix))]
fn owner(_folder: &Path) -> Option<(u32, u32)> {
    None
}

/// Processors in the engine's unit, at least one thousandth; a cast of what is too large gives the largest.
fn nanos(cpus: f64) -> i64 {
    (cpus.max(0.001) * 1e9) as i64
}
