//! Which processors compute: one thread for each physical core that this process may use.
//!
//! The two threads of a core share its multipliers, so a second one adds waiting and no speed. Where a model takes every
//! core there is, each of its threads is tied to one: they wait for each other many times a token, and a thread that the
//! system moves comes late with cold caches. Where it takes fewer, its neighbours have the others, and nobody can know
//! which: then the system decides.

use std::{collections::BTreeMap, fs, ops::RangeInclusive, thread};

/// The processors of one physical core that this process may use.
type Core = Vec<usize>;

/// Physical cores that this process may use, as far as the system tells; never more than it may use at once.
pub(super) fn usable() -> usize {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    physical().map_or(threads, |cores| cores.len().clamp(1, threads))
}

/// What ties the thread of an index to the core of that index, if `threads` take all cores.
pub(super) fn ties(threads: usize) -> impl Fn(usize) + Send + Sync + 'static {
    let cores = physical().filter(|cores| cores.len() == threads && threads == usable()).unwrap_or_default();
    move |index| {
        if let Some(core) = cores.get(index) {
            tie(core);
        }
    }
}

/// Speed alone hangs on it, so a system that refuses is left to decide by itself.
#[cfg(target_os = "linux")]
fn tie(core: &Core) {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut processors = CpuSet::new();
    // The set has a fixed size, and setting what is beyond it panics.
    for &processor in core.iter().filter(|&&processor| processor < CpuSet::MAX_CPU) {
        processors.set(processor);
    }
    let _ = sched_setaffinity(None, &processors);
}

#[cfg(not(target_os = "linux"))]
fn tie(_: &Core) {}

/// What Linux tells; it is asked for nothing but files, so that containers and their sets of processors count.
fn physical() -> Option<Vec<Core>> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    group(allowed, |processor| {
        let path = format!("/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list");
        fs::read_to_string(path).ok()
    })
}

/// The processors in the list `allowed` by the core they belong to, where all are known.
fn group(allowed: &str, siblings: impl Fn(usize) -> Option<String>) -> Option<Vec<Core>> {
    let ranges = allowed.trim().split(',').map(range).collect::<Option<Vec<_>>>()?;
    let mut cores = BTreeMap::<_, Core>::new();
    for processor in ranges.into_iter().flatten() {
        cores.entry(siblings(processor)?).or_default().push(processor);
    }
    Some(cores.into_values().collect())
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
    fn check(allowed: &str, expect: Option<&[&[usize]]>) {
        let siblings =
            |processor: usize| (processor < 8).then(|| format!("{},{}", processor % 4, processor % 4 + 4));
        let expect = expect.map(|cores| cores.iter().map(|core| core.to_vec()).collect());
        assert_eq!(group(allowed, siblings), expect, "{allowed}");
    }

    #[test]
    fn threads_of_one_core_count_once() {
        check("\t0-7\n", Some(&[&[0, 4], &[1, 5], &[2, 6], &[3, 7]]));
        check("0-3", Some(&[&[0], &[1], &[2], &[3]]));
        check("0,4", Some(&[&[0, 4]]));
        check("1,2-3,6", Some(&[&[1], &[2, 6], &[3]]));
        check("5", Some(&[&[5]]));
        check("7-8", None);
        check("", None);
        check("a-b", None);
    }

    #[test]
    fn there_is_a_core_to_use() {
        assert!((1..=thread::available_parallelism().map_or(1, usize::from)).contains(&usable()));
    }

    /// The processors that a thread may use after `tie` ran on it as the first of `threads`.
    #[cfg(target_os = "linux")]
    fn tied_to(threads: usize) -> Vec<usize> {
        let tie = ties(threads);
        let thread = thread::spawn(move || {
            tie(0);
            rustix::thread::sched_getaffinity(None).expect("a thread may ask")
        });
        let set = thread.join().expect("the thread ends");
        (0..rustix::thread::CpuSet::MAX_CPU).filter(|&processor| set.is_set(processor)).collect()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn threads_are_tied_where_they_take_every_core() {
        let cores = physical().expect("Linux tells");
        let all = cores.concat();
        let first = if usable() == cores.len() { cores[0].clone() } else { all.clone() };
        assert_eq!(tied_to(usable()), first, "a part of a core is no core to be tied to");
        assert_eq!(tied_to(cores.len() + 1), all, "there are too few cores");
    }
}
