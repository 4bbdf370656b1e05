//! Results of earlier calls, for a tool whose answers stay true for a while.

use lru::LruCache;
use serde_json::Value;
use smol_core::tool::ToolError;
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::OnceCell;

/// The results of the last so many different calls, by their arguments. Errors are not kept.
pub struct Cache(Mutex<LruCache<Value, Arc<OnceCell<Value>>>>);

impl Cache {
    /// Keeps `entries` results, at least one.
    pub fn new(entries: usize) -> Self {
        let entries = NonZeroUsize::new(entries).unwrap_or(NonZeroUsize::MIN);
        Self(Mutex::new(LruCache::new(entries)))
    }

    /// The result of an equal call, or of this one. While one call is under way, others like it wait for its result;
    /// if it fails, or whoever made it gives up, the next of them is made.
    pub async fn get_or_call<F>(
        &self,
        arguments: Value,
        call: impl FnOnce(Value) -> F,
    ) -> Result<Value, ToolError>
    where
        F: Future<Output = Result<Value, ToolError>>,
    {
        let cell = self.entries().get_or_insert(arguments.clone(), Arc::default).clone();
        let result = cell.get_or_try_init(|| call(arguments.clone())).await.cloned();
        if result.is_err() && !cell.initialized() {
            // An empty place would push out a result.
            self.entries().pop(&arguments);
        }
        result
    }

    fn entries(&self) -> MutexGuard<'_, LruCache<Value, Arc<OnceCell<Value>>>> {
        // Nobody panics while holding it: a poisoned one is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Counts its calls; negative numbers fail.
    async fn ask(cache: &Cache, calls: &AtomicU32, arguments: Value) -> Result<Value, ToolError> {
        let answer = |arguments: Value| async move {
            calls.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            let fails = arguments["x"].as_i64().is_some_and(|x| x < 0);
            if fails { Err(ToolError("negative".to_owned())) } else { Ok(arguments["x"].clone()) }
        };
        cache.get_or_call(arguments, answer).await
    }

    #[tokio::test]
    async fn equal_calls_are_made_once_and_the_oldest_is_forgotten_first() {
        let (cache, calls) = (Cache::new(2), AtomicU32::new(0));
        let check = async |arguments: Value, made: u32| {
            let _ = ask(&cache, &calls, arguments.clone()).await;
            assert_eq!(calls.swap(0, Ordering::SeqCst), made, "{arguments}");
        };
        check(json!({"x": 1, "y": 2}), 1).await;
        check(json!({"y": 2, "x": 1}), 0).await;
        check(json!({"x": 2}), 1).await;
        check(json!({"x": 1, "y": 2}), 0).await;
        check(json!({"x": -1}), 1).await;
        check(json!({"x": -1}), 1).await;
        check(json!({"x": 1, "y": 2}), 0).await;
        check(json!({"x": 3}), 1).await;
        check(json!({"x": 4}), 1).await;
        check(json!({"x": 1, "y": 2}), 1).await;
    }

    #[tokio::test]
    async fn calls_at_one_time_share_one_result_but_not_one_failure() {
        let check = async |x: i64, made: u32| {
            let (cache, calls) = (Cache::new(2), AtomicU32::new(0));
            let asked = (0..5).map(|_| ask(&cache, &calls, json!({"x": x})));
            let replies = futures::future::join_all(asked).await;
            assert!(replies.iter().all(|reply| reply.is_ok() == (x >= 0)));
            assert_eq!(calls.load(Ordering::SeqCst), made);
        };
        check(1, 1).await;
        check(-1, 5).await;
    }

    #[tokio::test]
    async fn who_gives_up_leaves_the_call_to_the_next() {
        let (cache, calls) = (Cache::new(2), AtomicU32::new(0));
        let first = tokio::time::timeout(std::time::Duration::ZERO, async {
            cache.get_or_call(json!({"x": 1}), |_| std::future::pending()).await
        });
        assert!(first.await.is_err());
        assert_eq!(ask(&cache, &calls, json!({"x": 1})).await, Ok(json!(1)));
    }
}
