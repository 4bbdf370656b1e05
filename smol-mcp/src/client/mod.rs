//! The client: servers by configuration, a connection to each, and what they offer as things an agent can use.

mod child;
mod config;
mod configured;
mod connection;
mod content;
mod elicit;
mod handler;
mod host;
mod legacy_sse;
mod names;
#[cfg(feature = "oauth")]
mod oauth;
mod prompts;
mod reach;
mod resources;
mod sampling;
mod schema;
mod servers;
#[cfg(feature = "oauth")]
mod tokens;
mod tool;

pub use config::{Reach, ServerConfig};
pub use connection::McpClient;
pub use content::Content;
pub use elicit::{Answer, Elicit, Elicitation, Form};
pub use host::{Host, News};
#[cfg(feature = "oauth")]
pub use oauth::{ClientKey, SignIn};
pub use prompts::{Prompt, PromptArgument};
pub use resources::Resource;
pub use sampling::Sampling;
pub use servers::McpServers;

/// What makes the words of strangers usable, for the oracle of its fuzz target.
#[doc(hidden)]
pub mod strangers {
    pub use super::{names::identifiers, schema::input};
}

/// Foreign text in one line that a terminal and a prompt can take: no control characters, at most `limit` characters.
pub(crate) fn plain(text: &str, limit: usize) -> String {
    let shown = |letter: &char| !letter.is_control() || *letter == '\n' || *letter == '\t';
    let mut letters = text.chars().filter(shown);
    let mut plain: String = letters.by_ref().take(limit).collect();
    if letters.next().is_some() {
        plain.push('…');
    }
    plain
}
