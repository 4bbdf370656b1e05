//! Whoever is asked: a terminal, a web page, a chat channel, another program.

use async_trait::async_trait;
use smol_core::gate::{Ask, Decision};
use std::sync::Arc;

/// Answers for the calls that a [`Policy`](super::Policy) does not decide by itself. Closures are approvers, too.
#[async_trait]
pub trait Approver: Send + Sync {
    /// What is to become of this call. It may take as long as a person needs; [`Decision::Wait`] stops the run until
    /// somebody can say. Calls that run side by side, of managed agents too, may be asked about at once.
    ///
    /// `why` says in a few words what about the call has it asked. A call that
    /// [`may have happened`](Ask::may_have_happened) is best answered by [`Decision::Answer`] if it did, with the
    /// result that it had.
    async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision;
}

#[async_trait]
impl<F: Fn(Ask<'_>, &str) -> Decision + Send + Sync> Approver for F {
    async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        self(ask, why)
    }
}

/// The user of the client whose run it is.
#[cfg(feature = "mcp-server")]
#[async_trait]
impl Approver for smol_mcp::ElicitApproval {
    async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        Self::approve(self, ask, why).await
    }
}

#[async_trait]
impl<T: Approver + ?Sized> Approver for Arc<T> {
    async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        (**self).approve(ask, why).await
    }
}
