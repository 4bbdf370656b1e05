//! What must still be said to a server when a sandbox is dropped: that it may delete what was made there. Dropping a
//! sandbox waits for nothing; dropping its executor waits until all has been said, because a program that ends first would
//! leave kernels that run on, and machines that cost.

use super::site::Site;
use reqwest::Method;
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long a server may take to hear of it. It goes on with the deletion all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// The farewells of one executor's sandboxes that are being said.
#[derive(Default)]
pub(crate) struct Farewells {
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Farewells {
    /// Deletes `path`. On a thread of its own, because the runtime may be about to end, or may have ended.
    fn delete(&self, site: Site, path: String) {
        let spawned = thread::Builder::new().name("farewell".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let request = async { site.send(site.request(Method::DELETE, &path).timeout(PATIENCE)).await };
            match runtime.map(|runtime| runtime.block_on(request)) {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(path, %error, "nothing confirmed that it was deleted"),
                Err(error) => tracing::error!(path, %error, "it could not be deleted"),
            }
        });
        match spawned {
            Ok(thread) => {
                let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
                threads.retain(|thread| !thread.is_finished());
                threads.push(thread);
            }
            Err(error) => tracing::error!(%error, "no thread could be started"),
        }
    }
}

impl Drop for Farewells {
    fn drop(&mut self) {
        let threads = self.threads.get_mut().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            let _ = thread.join();
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
