//! Ends what an engine or a service keeps for us, in the background. It is done by a thread with a runtime of its own, because a sandbox
//! is often dropped when the runtime that made it ends.

use futures::future::BoxFuture;
use std::{sync::OnceLock, thread, time::Duration};
use tokio::{runtime, sync::mpsc, task::JoinSet};

type Word = BoxFuture<'static, ()>;

/// How long one may take.
const LONGEST: Duration = Duration::from_secs(60);

/// Says `word` to a service, whether or not a runtime is left. What it needs of a network is to be made within it.
pub(crate) fn farewell(word: impl Future<Output = ()> + Send + 'static) {
    static WORDS: OnceLock<mpsc::UnboundedSender<Word>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let (sender, words) = mpsc::unbounded_channel();
        let spawned = thread::Builder::new().name("sandbox-farewell".to_owned()).spawn(move || say(words));
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread could be started");
        }
        sender
    });
    if words.send(Box::pin(word)).is_err() {
        tracing::error!("a sandbox was not ended");
    }
}

fn say(mut words: mpsc::UnboundedReceiver<Word>) {
    let built = runtime::Builder::new_current_thread().enable_all().build();
    match built {
        Err(error) => tracing::error!(%error, "no runtime could be started"),
        Ok(runtime) => runtime.block_on(async {
            let mut saying = JoinSet::new();
            while let Some(word) = words.recv().await {
                while saying.try_join_next().is_some() {}
                saying.spawn(tokio::time::timeout(LONGEST, word));
            }
        }),
    }
}
