//! What one sandbox may take.

use smol_core::exec::SandboxSpec;
use std::time::Duration;

/// What one sandbox may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of memory, all of Python included.
    pub(crate) memory: usize,
    /// Time that one block may run, without the time it waits for tools.
    pub(crate) time_per_block: Duration,
    /// Characters of printed text, and of each text of an outcome.
    pub(crate) output: usize,
}

impl Limits {
    /// 30 seconds a block, 50,000 characters of output, and as much memory as told.
    pub(crate) const fn with_memory(memory: usize) -> Self {
        Self { memory, time_per_block: Duration::from_secs(30), output: 50_000 }
    }

    /// The limits of one sandbox, which its spec may set.
    pub(crate) fn for_sandbox(self, spec: &SandboxSpec) -> Self {
        // More than an address can tell is no limit.
        let memory = spec.memory.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        Self {
            memory: memory.unwrap_or(self.memory),
            time_per_block: spec.time_per_block.unwrap_or(self.time_per_block),
            ..self
        }
    }

    /// Says that a block ran for `used`, and what the limit is.
    pub(crate) fn time_up(&self, used: Duration) -> String {
        let (limit, used) = (self.time_per_block.as_secs_f64(), used.as_secs_f64());
        format!("the block ran {used:.1} s, limit {limit} s")
    }
}

/// The setters of limits that all executors share, for a type with the field `limits`.
macro_rules! setters {
    ($type:ty) => {
        impl $type {
            /// Sets how many bytes of memory a sandbox may take, Python's own share included, where the
            /// [`SandboxSpec`](smol_core::exec::SandboxSpec) does not say. Code that wants more meets a `MemoryError`, and
            /// the session goes on.
            pub fn memory(mut self, bytes: usize) -> Self {
                self.limits.memory = bytes;
                self
            }

            /// Sets how long one block may run, where the [`SandboxSpec`](smol_core::exec::SandboxSpec) does not say. Time
            /// spent waiting for a tool does not count. A block that runs longer is stopped.
            pub fn time_per_block(mut self, limit: std::time::Duration) -> Self {
                self.limits.time_per_block = limit;
                self
            }

            /// Sets how many characters of what a block prints are kept: the head and the tail, with a notice in between
            /// of how many were left out. Each text of an outcome, such as a traceback, is held to the same limit.
            pub fn output(mut self, characters: usize) -> Self {
                self.limits.output = characters;
                self
            }
        }
    };
}
pub(crate) use setters;
