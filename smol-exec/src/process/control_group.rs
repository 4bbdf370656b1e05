//! Control groups: memory and processes of a sandbox in sum, which limits of single processes do not bound. Linux has two
//! versions of them, and on many machines an ordinary user may make none: then the other limits must do.

use crate::{
    folder::{remove_leftovers, unique},
    keeper,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

const ROOT: &str = "/sys/fs/cgroup";

/// A group in each hierarchy that counts, all empty. Dropping it removes them, once nothing runs in them.
#[derive(Debug)]
pub(super) struct ControlGroup {
    folders: Vec<PathBuf>,
}

/// What one group may have.
pub(super) struct Bounds {
    pub(super) memory: u64,
    pub(super) processes: u32,
}

impl ControlGroup {
    /// Makes one, where this process may.
    pub(super) fn make(bounds: &Bounds) -> Option<Self> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let made = version_2(&own, bounds).or_else(|| version_1(&own, bounds));
        if made.is_none() {
            tracing::debug!("no control group can be made: limits hold for each process, not for their sum");
        }
        made
    }

    /// The files that a process writes `0` to in order to be in it.
    pub(super) fn entrances(&self) -> Vec<PathBuf> {
        self.folders.iter().map(|folder| folder.join("cgroup.procs")).collect()
    }
}

/// Version 2: one hierarchy, in which a group's parent says what is counted.
fn version_2(own: &str, bounds: &Bounds) -> Option<ControlGroup> {
    let own = Path::new(ROOT).join(own.lines().find_map(|line| line.strip_prefix("0::/"))?);
    let parent = own.ancestors().take_while(|path| path.starts_with(ROOT)).find(|path| {
        let counted = fs::read_to_string(path.join("cgroup.subtree_control")).unwrap_or_default();
        ["memory", "pids"].iter().all(|needed| counted.split_whitespace().any(|counted| counted == *needed))
    })?;
    let group = ControlGroup { folders: vec![make_in(parent).ok()?] };
    let limits = [
        ("memory.max", bounds.memory.to_string()),
        ("memory.swap.max", "0".to_owned()),
        ("pids.max", bounds.processes.to_string()),
    ];
    group.limit(0, &limits)
}

/// Version 1: a hierarchy for each that is counted.
fn version_1(own: &str, bounds: &Bounds) -> Option<ControlGroup> {
    let limits = [
        ("pids", "pids.max", bounds.processes.to_string()),
        ("memory", "memory.limit_in_bytes", bounds.memory.to_string()),
    ];
    let mut group = ControlGroup { folders: Vec::new() };
    for (index, (controller, file, limit)) in limits.into_iter().enumerate() {
        let own = own.lines().find_map(|line| {
            let mut fields = line.splitn(3, ':');
            let controllers = fields.nth(1)?;
            controllers.split(',').any(|name| name == controller).then(|| fields.next())?
        })?;
        let parent = Path::new(ROOT).join(controller).join(own.trim_start_matches('/'));
        group.folders.push(make_in(&parent).ok()?);
        group = group.limit(index, &[(file, limit)])?;
    }
    Some(group)
}

fn make_in(parent: &Path) -> io::Result<PathBuf> {
    remove_leftovers(parent, |path| fs::remove_dir(path));
    let folder = parent.join(unique());
    fs::create_dir(&folder)?;
    Ok(folder)
}

impl ControlGroup {
    /// Writes the limits of its folder `index`; a file that a kernel lacks, such as that of swap, is left out.
    fn limit(self, index: usize, limits: &[(&str, String)]) -> Option<Self> {
        let folder = self.folders.get(index)?;
        for (file, limit) in limits {
            let file = folder.join(file);
            if file.exists() {
                fs::write(file, limit).ok()?;
            }
        }
        Some(self)
    }
}

fn kill_all(folder: &Path) {
    let listed = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    listed.lines().filter_map(|id| id.parse().ok()).for_each(keeper::kill);
}

impl Drop for ControlGroup {
    fn drop(&mut self) {
        for folder in &self.folders {
            // What was killed leaves it within some milliseconds; what fled its parent is killed here.
            let is_gone = (0..200).any(|_| {
                let removed = fs::remove_dir(folder);
                let again = removed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::ResourceBusy);
                if again {
                    kill_all(folder);
                    sleep(Duration::from_millis(5));
                }
                !again
            });
            if !is_gone {
                tracing::warn!(folder = %folder.display(), "a control group is still in use");
            }
        }
    }
}
