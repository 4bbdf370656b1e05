//! What sandboxes of this process have left on the machine.

use std::{fs, path::Path, time::Duration};
use tokio::sync::{Mutex, MutexGuard};

/// Where things are counted, one test at a time makes some.
pub(crate) async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    // Processes whose parent is killed become this one's children, and are counted.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    TURN.lock().await
}

/// The processes that descend from this one and run.
pub(crate) fn processes() -> Vec<String> {
    let mut found = Vec::new();
    let mut parents = vec![std::process::id()];
    while let Some(parent) = parents.pop() {
        for child in children(parent) {
            parents.push(child);
            let command = fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
            // Of one that has ended and was not waited for there is no command line.
            if !command.is_empty() {
                found.push(format!(
                    "{child} {}",
                    command.replace('\0', " ").chars().take(100).collect::<String>()
                ));
            }
        }
    }
    found
}

fn children(parent: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// The control groups and temporary folders of this process.
pub(crate) fn folders() -> Vec<String> {
    let prefix = format!("smolagents-{}-", std::process::id());
    let mut found = Vec::new();
    gather(Path::new("/sys/fs/cgroup"), 4, &prefix, &mut found);
    gather(&std::env::temp_dir(), 0, &prefix, &mut found);
    found
}

fn gather(folder: &Path, depth: usize, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name().to_string_lossy().starts_with(prefix) {
            found.push(entry.path().display().to_string());
        } else if is_folder && depth > 0 {
            gather(&entry.path(), depth - 1, prefix, found);
        }
    }
}

/// Fails unless everything is gone within some seconds.
pub(crate) async fn none_remain() {
    let mut left = Vec::new();
    for _ in 0..100 {
        left = [processes(), folders()].concat();
        if left.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("left behind: {left:#?}");
}
