//! The Python of this machine, confined.
//!
//! Some of these count what is left of a whole process, or change its environment: they hold for one test a process, as
//! `cargo nextest` runs them, and take turns where all run in one.

mod ends;
mod files;
mod forged;
mod found;
mod network;
mod processes;
mod walls;

use crate::{common, suite};
use smol_core::exec::{Sandbox, SandboxSpec};
use smol_exec::{Confinement, Process};
use std::time::Duration;

/// The strongest confinement, and the one that is used where that is missing.
const CONFINEMENTS: [Confinement; 2] = [Confinement::Bubblewrap, Confinement::Landlock];

pub(crate) fn confined(confinement: Confinement) -> Process {
    Process::new().python("/usr/bin/python3").confinement(confinement)
}

async fn sandbox(executor: &Process) -> Box<dyn Sandbox> {
    common::open(executor, SandboxSpec::default()).await
}

/// One whose blocks may run for half a second.
async fn hasty(executor: &Process) -> Box<dyn Sandbox> {
    let time_per_block = Some(Duration::from_millis(500));
    common::open(executor, SandboxSpec { time_per_block, ..SandboxSpec::default() }).await
}

#[tokio::test]
async fn passes_the_suite_under_bubblewrap() {
    suite::passes(&confined(Confinement::Bubblewrap)).await;
    suite::bounds_memory(&confined(Confinement::Bubblewrap)).await;
}

#[tokio::test]
async fn passes_the_suite_under_landlock() {
    suite::passes(&confined(Confinement::Landlock)).await;
    suite::bounds_memory(&confined(Confinement::Landlock)).await;
}
