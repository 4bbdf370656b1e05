//! What servers may ask of us in turn. By default nothing.

use super::{Elicit, Sampling};
use std::{fmt, path::PathBuf, sync::Arc};

/// What connected servers are given besides calls: folders they may know of, a model and a person they may ask. Each
/// is off unless it is set. One is shared by all servers of a [`McpServers`](super::McpServers).
#[derive(Clone, Default)]
pub struct Host {
    pub(super) roots: Vec<PathBuf>,
    pub(super) sampling: Option<Arc<Sampling>>,
    pub(super) elicit: Option<Arc<dyn Elicit>>,
    news: Option<Arc<Listener>>,
    #[cfg(feature = "oauth")]
    pub(super) sign_in: Option<Arc<super::SignIn>>,
}

/// Is given a server's name and what it tells.
type Listener = dyn Fn(&str, News) + Send + Sync;

/// What a server tells without having been asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum News {
    /// A call goes on.
    Progress {
        /// How far it is.
        progress: f64,
        /// What `progress` will be in the end, if that is known.
        total: Option<f64>,
        /// What it is doing.
        message: String,
    },
    /// It writes to its log.
    Log {
        /// Such as `info` or `error`.
        level: String,
        /// What it says.
        message: String,
    },
    /// A tool was left out: what is wrong with it.
    LeftOut {
        /// The server's name for it.
        tool: String,
        /// What is wrong.
        fault: String,
    },
    /// It has other tools than before. Agents keep those they were built with; see
    /// [`McpServers::refresh`](super::McpServers::refresh).
    ToolsChanged,
    /// It has other resources than before.
    ResourcesChanged,
    /// It has other prompts than before.
    PromptsChanged,
    /// A resource that was subscribed to has changed.
    ResourceUpdated {
        /// Its address on the server.
        uri: String,
    },
    /// The connection was lost, and is there again.
    Reconnected,
}

impl Host {
    /// A folder that servers are told of as one that the work is in. Whether they keep to it is up to them.
    #[must_use]
    pub fn root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.roots.push(folder.into());
        self
    }

    /// Servers may ask this model, within its limits.
    #[must_use]
    pub fn sampling(mut self, sampling: Sampling) -> Self {
        self.sampling = Some(Arc::new(sampling));
        self
    }

    /// Servers may ask a person.
    #[must_use]
    pub fn elicit(mut self, person: impl Elicit + 'static) -> Self {
        self.elicit = Some(Arc::new(person));
        self
    }

    /// Called with the server's name and what it tells. It is called in the middle of things: it must not wait.
    #[must_use]
    pub fn news(mut self, tell: impl Fn(&str, News) + Send + Sync + 'static) -> Self {
        self.news = Some(Arc::new(tell));
        self
    }

    /// How to sign in to servers that want it.
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn sign_in(mut self, sign_in: super::SignIn) -> Self {
        self.sign_in = Some(Arc::new(sign_in));
        self
    }

    pub(super) fn tell(&self, server: &str, news: News) {
        tracing::debug!(server, ?news, "news of an MCP server");
        if let Some(tell) = &self.news {
            tell(server, news);
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Host").field("roots", &self.roots).finish_non_exhaustive()
    }
}
