//! One call of a tool, of which something sensible comes back however the tool behaves. A tool may be somebody else's:
//! it may hang, panic, or give more than memory, sandbox or model can hold. None of this ends a run; the model reads
//! what went wrong and goes another way.

use crate::tool::{Effect, Tool, ToolError};
use futures::{
    FutureExt,
    future::{Either, select},
};
use futures_timer::Delay;
use serde_json::Value;
use std::{any::Any, panic::AssertUnwindSafe, pin::pin, task::Poll, time::Duration};

/// The most bytes of one result, its texts and 8 for each value in it. Larger ones reach neither sandbox nor record.
pub const MAX_RESULT_BYTES: usize = 16 * 1024 * 1024;

/// The most characters of one error.
pub const MAX_ERROR_CHARACTERS: usize = 10_000;

/// What each value of a result weighs, text not counted.
const EACH: usize = 8;

/// Calls the tool, within its [`time_limit`](Tool::time_limit). A call that takes longer is dropped; a panic, an endless
/// error and a result of more than [`MAX_RESULT_BYTES`] are errors for the model to read.
pub async fn attempt(tool: &dyn Tool, arguments: Value) -> Result<Value, ToolError> {
    let name = &tool.spec().name;
    let mut work = pin!(AssertUnwindSafe(async { tool.call(arguments).await }).catch_unwind());
    // Most calls are done at once, and a timer costs more than they do: it wakes a thread.
    let done = match (futures::poll!(work.as_mut()), tool.time_limit()) {
        (Poll::Ready(done), _) => done,
        (Poll::Pending, None) => work.await,
        (Poll::Pending, Some(limit)) => match select(work, Delay::new(limit)).await {
            Either::Left((done, _)) => done,
            Either::Right(_) => return Err(too_slow(tool, limit)),
        },
    };
    match done {
        Ok(Ok(value)) if is_within(&value, MAX_RESULT_BYTES) => Ok(value),
        Ok(Ok(_)) => Err(too_large(name)),
        Ok(Err(ToolError(error))) => {
            Err(ToolError(format!("`{name}` failed: {}", cut(error, MAX_ERROR_CHARACTERS))))
        }
        Err(panic) => {
            let message = cut(panic_message(panic.as_ref()).to_owned(), MAX_ERROR_CHARACTERS);
            let hint = "try other arguments or another way";
            Err(ToolError(format!("`{name}` crashed: {message}\n\nhint: {hint}")))
        }
    }
}

fn too_slow(tool: &dyn Tool, limit: Duration) -> ToolError {
    let hint = match tool.spec().effect {
        Effect::Writes => "it may have had its effect all the same: look before you try again",
        Effect::Pure | Effect::Reads => "ask it for less, or go another way",
    };
    ToolError(format!("`{}` was given up after {limit:?}, its time limit\n\nhint: {hint}", tool.spec().name))
}

fn too_large(name: &str) -> ToolError {
    let hint = "ask it for less at a time";
    ToolError(format!(
        "`{name}` gave a result of more than {MAX_RESULT_BYTES} bytes, the most that is taken\n\nhint: {hint}"
    ))
}

/// What somebody said who panicked.
pub fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// The text, or its beginning with a word about the rest.
pub(crate) fn cut(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
        text.push_str("… (cut here)");
    }
    text
}

/// Whether a value weighs no more than `limit`. It looks at no more of it than that.
fn is_within(value: &Value, limit: usize) -> bool {
    let (mut left, mut rest) = (limit, vec![value]);
    while let Some(value) = rest.pop() {
        let weight = match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.len() * EACH,
            Value::Object(entries) => entries.keys().map(|key| key.len() + EACH).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        };
        let Some(remaining) = left.checked_sub(weight) else { return false };
        left = remaining;
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(entries) => rest.extend(entries.values()),
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_weighed_with_all_that_it_holds() {
        let check = |value: Value, weight: usize| {
            assert!(is_within(&value, weight), "{value}");
            assert!(weight == 0 || !is_within(&value, weight - 1), "{value}");
        };
        check(json!(null), 0);
        check(json!(1.5), 0);
        check(json!("four"), 4);
        check(json!(["four", 1, []]), 4 + 3 * EACH);
        check(json!({"key": ["four"]}), 3 + 4 + 2 * EACH);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("äöü".to_owned(), 3), "äöü");
        assert_eq!(cut("äöüß".to_owned(), 3), "äöü… (cut here)");
    }
}
