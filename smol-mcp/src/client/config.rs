//! How a server is reached, as data.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

/// One server: its name, how it is reached, and how far it is trusted.
#[derive(Clone)]
pub struct ServerConfig {
    pub(crate) name: String,
    pub(crate) reach: Reach,
    pub(crate) tools: Option<Vec<String>>,
    pub(crate) timeout: Duration,
    pub(crate) trusted: bool,
    pub(crate) protocol: Option<String>,
    #[cfg(feature = "oauth")]
    pub(crate) key: Option<super::ClientKey>,
}

/// Where a server is. Values of variables and headers are secrets: they are not shown by [`fmt::Debug`].
#[derive(Clone)]
#[non_exhaustive]
pub enum Reach {
    /// A program of this machine, spoken to over its standard input and output.
    Command {
        /// The program, looked up on the `PATH`.
        program: String,
        /// Its arguments.
        arguments: Vec<String>,
        /// Variables it gets beside the few that every program needs, such as `PATH` and `HOME`.
        environment: BTreeMap<String, String>,
        /// The folder it starts in; that of this process if none.
        folder: Option<PathBuf>,
    },
    /// An address of the streamable HTTP transport.
    Http {
        /// The address.
        url: String,
        /// Headers of every request.
        headers: BTreeMap<String, String>,
    },
    /// An address of the HTTP transport before that, which answers over one stream of events.
    Sse {
        /// The address of the stream.
        url: String,
        /// Headers of every request.
        headers: BTreeMap<String, String>,
    },
}

impl ServerConfig {
    /// How long a server may say nothing in the middle of a call, progress included, unless it is told otherwise.
    pub const TIMEOUT: Duration = Duration::from_secs(120);

    /// A server reached in this way.
    pub fn new(name: impl Into<String>, reach: Reach) -> Self {
        Self {
            name: name.into(),
            reach,
            tools: None,
            timeout: Self::TIMEOUT,
            trusted: false,
            protocol: None,
            #[cfg(feature = "oauth")]
            key: None,
        }
    }

    /// A program of this machine.
    pub fn command<A: Into<String>>(
        name: impl Into<String>,
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        let (environment, folder) = (BTreeMap::new(), None);
        Self::new(name, Reach::Command { program: program.into(), arguments, environment, folder })
    }

    /// A server at an address of the streamable HTTP transport.
    pub fn http(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(name, Reach::Http { url: url.into(), headers: BTreeMap::new() })
    }

    /// A server at an address of the older HTTP transport.
    pub fn sse(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(name, Reach::Sse { url: url.into(), headers: BTreeMap::new() })
    }

    /// A variable that its program gets. Nothing of this process's environment reaches it otherwise, but for the few
    /// that every program needs. Without a program it does nothing.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Reach::Command { environment, .. } = &mut self.reach {
            environment.insert(name.into(), value.into());
        }
        self
    }

    /// The folder its program starts in. Without a program it does nothing.
    #[must_use]
    pub fn folder(mut self, path: impl AsRef<Path>) -> Self {
        if let Reach::Command { folder, .. } = &mut self.reach {
            *folder = Some(path.as_ref().to_owned());
        }
        self
    }

    /// A header of every request to it, such as `Authorization`. A program has none.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Reach::Http { headers, .. } | Reach::Sse { headers, .. } = &mut self.reach {
            headers.insert(name.into(), value.into());
        }
        self
    }

    /// Only these of its tools, by the names it gives them.
    #[must_use]
    pub fn only<T: Into<String>>(mut self, tools: impl IntoIterator<Item = T>) -> Self {
        self.tools = Some(tools.into_iter().map(Into::into).collect());
        self
    }

    /// How long it may say nothing in the middle of a call. Progress counts as saying something.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// What it gives is not what strangers wrote. For servers whose program and data are your own.
    #[must_use]
    pub fn trusted(mut self) -> Self {
        self.trusted = true;
        self
    }

    /// The version of the protocol it speaks, such as `2025-11-25`. Otherwise it is greeted in the way of the versions
    /// before `2026-07-28`, and once more in the new way if it refuses that.
    #[must_use]
    pub fn protocol(mut self, version: impl Into<String>) -> Self {
        self.protocol = Some(version.into());
        self
    }

    /// Who this program is to the server's sign-in, where that is settled beforehand.
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn client_key(mut self, key: super::ClientKey) -> Self {
        self.key = Some(key);
        self
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("ServerConfig");
        shown.field("name", &self.name).field("reach", &self.reach).field("tools", &self.tools);
        shown.field("timeout", &self.timeout).field("trusted", &self.trusted).finish_non_exhaustive()
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command { program, arguments, environment, folder } => formatter
                .debug_struct("Command")
                .field("program", program)
                .field("arguments", arguments)
                .field("environment", &environment.keys())
                .field("folder", folder)
                .finish(),
            Self::Http { url, headers } => shown_address(formatter, "Http", url, headers),
            Self::Sse { url, headers } => shown_address(formatter, "Sse", url, headers),
        }
    }
}

fn shown_address(
    formatter: &mut fmt::Formatter<'_>,
    name: &str,
    url: &str,
    headers: &BTreeMap<String, String>,
) -> fmt::Result {
    formatter.debug_struct(name).field("url", &url).field("headers", &headers.keys()).finish()
}

/// The command or address, as people know it.
impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command { program, arguments, .. } => {
                let words: Vec<&str> =
                    std::iter::once(program).chain(arguments).map(String::as_str).collect();
                formatter.write_str(&words.join(" "))
            }
            Self::Http { url, .. } | Self::Sse { url, .. } => formatter.write_str(url),
        }
    }
}
