//! The tool `user_input` at a terminal.

use crate::{approve::visible, keyboard::Keyboard};
use smolagents::tools::UserInput;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Asks whoever types at `keyboard`, one question at a time.
pub fn tool(keyboard: Keyboard) -> UserInput {
    let keyboard = Arc::new(Mutex::new(keyboard));
    UserInput::new(move |question| {
        let keyboard = keyboard.clone();
        async move {
            let keyboard = keyboard.lock().await;
            anstream::eprintln!("\n── the agent asks: {}", visible(&question));
            anstream::eprint!("your answer: ");
            let line = keyboard.line().await.map_err(|error| format!("nobody could be asked: {error}"))?;
            line.ok_or_else(|| "nobody is there any more\n\nhint: decide yourself".to_owned())
        }
    })
}
