//! Standard input, line by line, for whoever wants the next one: the chat and the questions about tool calls. There is
//! one reader for all, since a reader takes in more than the line it gives.

use std::{
    io::{self, IsTerminal, Write},
    sync::Arc,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader, Lines},
    sync::Mutex,
};

type Source = Box<dyn AsyncRead + Send + Unpin>;

/// Lines that somebody types, or that stand in a file.
#[derive(Clone)]
pub struct Keyboard(Arc<Mutex<Lines<BufReader<Source>>>>);

impl Keyboard {
    /// Reads from `source`.
    pub fn new(source: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let source: Source = Box::new(source);
        Self(Arc::new(Mutex::new(BufReader::new(source).lines())))
    }

    /// Standard input.
    pub fn stdin() -> Self {
        Self::new(tokio::io::stdin())
    }

    /// The next line; none at the end. Whoever stops waiting for it loses nothing: it goes to the next who asks.
    pub async fn line(&self) -> io::Result<Option<String>> {
        self.0.lock().await.next_line().await
    }
}

/// A talk with whoever types at a keyboard and reads a screen.
pub struct Dialogue {
    keyboard: Keyboard,
    screen: Box<dyn Write + Send>,
}

impl Dialogue {
    /// What is said goes to `screen`.
    pub fn new(keyboard: Keyboard, screen: Box<dyn Write + Send>) -> Self {
        Self { keyboard, screen }
    }

    /// Says something.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.screen.write_all(text.as_bytes())?;
        self.screen.flush()
    }

    /// Asks for a line; none if nobody is there any more.
    pub async fn line(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.say(prompt)?;
        self.keyboard.line().await
    }
}

/// Whether a person can be asked.
pub fn is_there() -> bool {
    io::stdin().is_terminal()
}

#[cfg(test)]
pub mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    /// A screen that can be looked at afterwards.
    #[derive(Clone, Default)]
    pub struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        /// What it shows, without colours.
        pub fn text(&self) -> String {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            anstream::adapter::strip_str(&text).to_string()
        }
    }
}
