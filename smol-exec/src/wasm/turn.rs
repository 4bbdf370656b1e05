//! A block on its way. It begins on the task that feeds it, which costs nothing where blocks are short. What computes
//! longer goes on on a thread of its own: an async runtime looks at its timers and sockets only after some dozens of
//! polls, so a task that computes, even one that yields, would make everything else wait.

use super::host::{Question, Shared, lock};
use futures::future::{BoxFuture, Either, select};
use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, sync::oneshot, task::spawn_blocking, time::sleep};

/// How long a block may compute on the task that feeds it.
const PATIENCE: Duration = Duration::from_millis(10);

/// A block on its way: in the end the instance, with the guest's frame.
pub(super) type Turn<I> = BoxFuture<'static, (Box<I>, wasmtime::Result<String>)>;

/// Why a block does not go on by itself.
pub(super) enum Event<I> {
    /// It asks for a tool.
    Asked(Question),
    /// It ended, or the instance broke.
    Ended(Box<I>, wasmtime::Result<String>),
    /// It ran as long as it may.
    TimeUp,
}

/// Runs the block for at most `left`, until something must be done about it. Dropping the future stops the block.
pub(super) async fn next_event<I: Send + 'static>(
    mut turn: Turn<I>,
    shared: &Arc<Shared>,
    left: Duration,
) -> (Turn<I>, Event<I>) {
    let started = Instant::now();
    let event = within(&mut turn, shared, left.min(PATIENCE)).await;
    match event {
        Event::TimeUp if left > PATIENCE => {
            elsewhere(turn, shared.clone(), left.saturating_sub(started.elapsed())).await
        }
        event => (turn, event),
    }
}

/// Goes on with the block on a thread of its own, which ends when this future is dropped.
async fn elsewhere<I: Send + 'static>(
    mut turn: Turn<I>,
    shared: Arc<Shared>,
    left: Duration,
) -> (Turn<I>, Event<I>) {
    let (alive, dropped) = oneshot::channel::<()>();
    let runtime = Handle::current();
    let thread = spawn_blocking(move || {
        runtime.block_on(async {
            // First the sign to stop: a runtime that shuts down gives it, and then its timers are not to be touched.
            let event = match select(dropped, pin!(within(&mut turn, &shared, left))).await {
                Either::Left(_) => Event::TimeUp,
                Either::Right((event, _)) => event,
            };
            (turn, event)
        })
    });
    let ended = thread.await;
    drop(alive);
    // The thread fails only if the runtime is shutting down: then nobody waits for the event.
    ended.unwrap_or_else(|_| (Box::pin(std::future::pending()), Event::TimeUp))
}

/// Polls the block, and looks at the clock each time it has yielded.
async fn within<I>(turn: &mut Turn<I>, shared: &Shared, left: Duration) -> Event<I> {
    let deadline = Instant::now().checked_add(left);
    // For code that waits without computing; what computes yields often enough to meet the deadline itself.
    let mut timer = pin!(sleep(left));
    poll_fn(|context| {
        let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || timer.as_mut().poll(context).is_ready() {
            return Poll::Ready(Event::TimeUp);
        }
        if let Poll::Ready((instance, result)) = turn.as_mut().poll(context) {
            return Poll::Ready(Event::Ended(instance, result));
        }
        if let Some(question) = lock(&shared.question).take() {
            return Poll::Ready(Event::Asked(question));
        }
        Poll::Pending
    })
    .await
}
