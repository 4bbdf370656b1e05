//! How many threads are worth starting: one for each physical core that this process may use.
//!
//! The two threads of a core share its multipliers, so a second one adds waiting and no speed. Threads are not tied to
//! cores: a model cannot know which ones its neighbours use, and two that are tied to the same one run at half speed.

use std::{collections::BTreeSet, fs, ops::RangeInclusive, thread};

/// Physical cores that this process may use, as far as the system tells; never more than it may use at once.
pub(super) fn usable() -> usize {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    physical().map_or(threads, |cores| cores.clamp(1, threads))
}

/// What Linux tells; it is asked for nothing but files, so that containers and their sets of processors count.
fn physical() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    count(allowed, |processor| {
        let path = format!("/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list");
        fs::read_to_string(path).ok()
    })
}

/// How many different cores the processors in the list `allowed` belong to, where all are known.
fn count(allowed: &str, siblings: impl Fn(usize) -> Option<String>) -> Option<usize> {
    let ranges = allowed.trim().split(',').map(range).collect::<Option<Vec<_>>>()?;
    let cores = ranges.into_iter().flatten().map(siblings).collect::<Option<BTreeSet<_>>>()?;
    Some(cores.len())
}

/// `3` or `0-3`.
fn range(text: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a machine of four cores with two threads each: 0 and 4 are one core, 1 and 5, and so on.
    fn check(allowed: &str, expect: Option<usize>) {
        let siblings =
            |processor: usize| (processor < 8).then(|| format!("{},{}", processor % 4, processor % 4 + 4));
        assert_eq!(count(allowed, siblings), expect, "{allowed}");
    }

    #[test]
    fn threads_of_one_core_count_once() {
        check("\t0-7\n", Some(4));
        check("0-3", Some(4));
        check("0,4", Some(1));
        check("1,2-3,6", Some(3));
        check("5", Some(1));
        check("7-8", None);
        check("", None);
        check("a-b", None);
    }

    #[test]
    fn there_is_a_core_to_use() {
        assert!((1..=thread::available_parallelism().map_or(1, usize::from)).contains(&usable()));
    }
}
