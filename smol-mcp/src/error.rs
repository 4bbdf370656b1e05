//! What can be wrong with a server, or with how it was named.

use std::io;

/// Why a server could not be reached, or did not do what was asked. What a *tool* reports is no such error: the model
/// reads it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum McpError {
    /// The configuration is wrong.
    #[error("{what}: {fault}\n\nhint: {hint}")]
    Configuration {
        /// The file, entry or argument.
        what: String,
        /// What is wrong with it.
        fault: String,
        /// What is expected.
        hint: String,
    },
    /// Its program could not be started.
    #[error("could not start the server `{server}` (`{command}`): {cause}\n\nhint: {}", start_hint(.cause))]
    Start {
        /// The server's name.
        server: String,
        /// Program and arguments.
        command: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Its program ended, or closed its output.
    #[error("the server `{server}` ended{}{}", .status.as_ref().map(|status| format!(" ({status})")).unwrap_or_default(), last_words(.stderr))]
    Ended {
        /// The server's name.
        server: String,
        /// How its process ended, if it did.
        status: Option<String>,
        /// The last lines it wrote to its standard error.
        stderr: String,
    },
    /// No connection.
    #[error(
        "could not reach the server `{server}` at `{url}`: {cause}\n\nhint: is it running, and is the address right?"
    )]
    Unreachable {
        /// The server's name.
        server: String,
        /// The address.
        url: String,
        /// What the network, or the server, said.
        cause: String,
    },
    /// It wants to know who asks.
    #[error("the server `{server}` at `{url}` wants a sign-in\n\nhint: {hint}")]
    Unauthorized {
        /// The server's name.
        server: String,
        /// The address.
        url: String,
        /// What the user may do.
        hint: String,
    },
    /// Signing in failed.
    #[error("could not sign in to the server `{server}`: {cause}\n\nhint: {hint}")]
    SignIn {
        /// The server's name.
        server: String,
        /// What went wrong.
        cause: String,
        /// What the user may do.
        hint: String,
    },
    /// It answers, but not in this protocol.
    #[error("`{server}` does not speak MCP: {fault}{}\n\nhint: is this the server's program or address, and not its web page?", last_words(.stderr))]
    NotMcp {
        /// The server's name.
        server: String,
        /// What it said.
        fault: String,
        /// The last lines it wrote to its standard error.
        stderr: String,
    },
    /// It said nothing for too long.
    #[error("the server `{server}` sent nothing for {seconds} s while waiting for {waiting_for}{}", last_words(.stderr))]
    Timeout {
        /// The server's name.
        server: String,
        /// The limit that ran out, in seconds.
        seconds: u64,
        /// What was awaited.
        waiting_for: String,
        /// The last lines it wrote to its standard error.
        stderr: String,
    },
    /// It refused a request.
    #[error("the server `{server}` refused {asked}: {message} (code {code})")]
    Refused {
        /// The server's name.
        server: String,
        /// What was asked.
        asked: String,
        /// The code of the refusal, as JSON-RPC has them.
        code: i32,
        /// Its words, shortened.
        message: String,
    },
    /// Its answer was not of the form that the protocol wants, or larger than it may be.
    #[error("the server `{server}` answered {asked} wrongly: {fault}")]
    Malformed {
        /// The server's name.
        server: String,
        /// What was asked.
        asked: String,
        /// What is wrong with the answer.
        fault: String,
    },
    /// The connection was lost in the middle of a call that may have changed something, so it was not repeated.
    #[error(
        "the connection to the server `{server}` was lost during {asked}: {cause}\n\nhint: whether it had its effect is not known: look before trying again"
    )]
    Lost {
        /// The server's name.
        server: String,
        /// What was asked.
        asked: String,
        /// How it was lost.
        cause: String,
    },
    /// There is no server of that name.
    #[error("there is no server `{name}`\n\nhint: the servers are: {}", .known.join(", "))]
    Unknown {
        /// The name that was given.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
}

fn last_words(stderr: &str) -> String {
    if stderr.trim().is_empty() { String::new() } else { format!("; its last words: {}", stderr.trim_end()) }
}

fn start_hint(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::NotFound => "is the program installed, and on the PATH?",
        io::ErrorKind::PermissionDenied => "is it a program, and may you run it?",
        _ => "does the command run in a terminal?",
    }
}
