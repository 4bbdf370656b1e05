//! The Python of this machine, confined.

use crate::suite;
use smol_exec::{Confinement, Process};

/// The strongest confinement and the one that is used where that is missing.
const CONFINEMENTS: [Confinement; 2] = [Confinement::Bubblewrap, Confinement::Landlock];

fn confined(confinement: Confinement) -> Process {
    Process::new().python("/usr/bin/python3").confinement(confinement)
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
