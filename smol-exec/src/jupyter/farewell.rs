//! What must still be said to a server when a sandbox is dropped: that it may delete what was made there. Dropping a
//! sandbox waits for nothing; dropping its executor waits until all has been said, because a program that ends first would
//! leave kernels that run on, and machines that cost.

use super::site::Site;
use crate::farewell::farewell;
use reqwest::{Method, StatusCode};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

/// How long a server may take to hear of it. It goes on with the deletion all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// Before it is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// The farewells of one executor's sandboxes that are being said: each is heard to have ended.
#[derive(Default)]
pub(crate) struct Farewells {
    pending: Mutex<Vec<Receiver<()>>>,
}

impl Farewells {
    /// Deletes `path`.
    fn delete(&self, site: Site, path: String) {
        let (ended, end) = channel::<()>();
        farewell(async move {
            if let Err(cause) = delete(&site, &path).await {
                tracing::warn!(path, cause, "nothing confirmed that it was deleted");
            }
            drop(ended);
        });
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|end| end.try_recv() == Err(TryRecvError::Empty));
        pending.push(end);
    }
}

/// Asks until it is deleted: a server fails at it while it restarts a kernel that has died.
async fn delete(site: &Site, path: &str) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        let answer = site.request(Method::DELETE, path).timeout(PATIENCE).send().await;
        let status = answer.map_err(|error| error.without_url().to_string())?.status();
        if status.is_success() || status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        if !status.is_server_error() || begun.elapsed() > PATIENCE {
            return Err(format!("it answered {status}"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Drop for Farewells {
    fn drop(&mut self) {
        let pending = self.pending.get_mut().unwrap_or_else(PoisonError::into_inner);
        for end in pending.drain(..) {
            // Nothing is sent: the other side is dropped when it has been said.
            let _ = end.recv();
        }
    }
}

/// Something of ours at a server, which is deleted when this is dropped.
pub(crate) struct Remote {
    site: Site,
    path: String,
    farewells: Arc<Farewells>,
}

impl Remote {
    pub(crate) fn new(site: &Site, path: String, farewells: &Arc<Farewells>) -> Self {
        Self { site: site.clone(), path, farewells: farewells.clone() }
    }

    /// Where it is.
    #[cfg(feature = "blaxel")]
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.farewells.delete(self.site.clone(), std::mem::take(&mut self.path));
    }
}

/// Makes something at a server to its end, even if nobody waits for it any more: then it is deleted at once.
pub(crate) async fn make<T: Send + 'static, E: Send + 'static>(
    making: impl Future<Output = Result<T, E>> + Send + 'static,
    failed: impl FnOnce(tokio::task::JoinError) -> E,
) -> Result<T, E> {
    tokio::spawn(making).await.map_err(failed).flatten()
}
