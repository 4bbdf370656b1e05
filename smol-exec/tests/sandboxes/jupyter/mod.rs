//! Kernels behind a real kernel gateway.

mod endings;
pub(crate) mod gateway;
mod values;

use crate::{conformance, suite};
use gateway::{Peer, TOKEN};
use smol_exec::Jupyter;

fn executor(gateway: &Peer) -> Jupyter {
    Jupyter::new(gateway.url()).token(TOKEN)
}

#[tokio::test]
async fn passes_every_case() {
    let Some(gateway) = gateway::start() else { return };
    conformance::passes_slowly(&executor(&gateway)).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn programs_do_not_fool_the_host() {
    let Some(gateway) = gateway::start() else { return };
    crate::hostile::is_not_fooled(&executor(&gateway)).await;
}

#[tokio::test]
async fn is_a_sandbox_like_any_other() {
    let Some(gateway) = gateway::start() else { return };
    let executor = executor(&gateway);
    suite::passes(&executor).await;
    suite::bounds_memory(&executor.memory(2 << 30)).await;
}
