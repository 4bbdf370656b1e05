//! Tools in groups: picked, renamed, put together.

use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::{sync::Arc, time::Duration};

/// Several tools, each with a name of its own, in order. An agent takes it as `.tools(toolbox)`.
///
/// ```
/// use smol_tools::{Toolbox, VisitWebpage, WebSearch};
///
/// let web = Toolbox::new().with(WebSearch::new())?.with(VisitWebpage::new())?;
/// let other = Toolbox::new().with(WebSearch::new())?.prefixed("other_");
/// let all = web.rename("visit_webpage", "read_page")?.merge(other)?;
/// assert_eq!(all.names(), ["web_search", "read_page", "other_web_search"]);
/// assert_eq!(all.only(["read_page"])?.names(), ["read_page"]);
/// # Ok::<(), smol_tools::ToolboxError>(())
/// ```
#[derive(Clone, Default)]
pub struct Toolbox(Vec<Arc<dyn Tool>>);

/// Why tools cannot be grouped so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ToolboxError {
    /// Two tools would have one name.
    #[error(
        "two tools are named `{name}`\n\nhint: rename one of them, or put a prefix before all of one toolbox"
    )]
    Duplicate {
        /// The name.
        name: String,
    },
    /// There is no tool of this name.
    #[error("there is no tool `{name}` in this toolbox\n\nhint: it holds `{}`", .known.join("`, `"))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that are there.
        known: Vec<String>,
    },
}

impl Toolbox {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// One of these tools.
    pub fn of(tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Result<Self, ToolboxError> {
        tools.into_iter().try_fold(Self::new(), Self::with)
    }

    /// Adds a tool.
    pub fn with(mut self, tool: impl Tool + 'static) -> Result<Self, ToolboxError> {
        let name = &tool.spec().name;
        if self.get(name).is_some() {
            return Err(ToolboxError::Duplicate { name: name.clone() });
        }
        self.0.push(Arc::new(tool));
        Ok(self)
    }

    /// All of this one, then all of the other.
    pub fn merge(self, other: Self) -> Result<Self, ToolboxError> {
        other.into_iter().try_fold(self, Self::with)
    }

    /// Those of these names, in this order.
    pub fn only<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Self, ToolboxError> {
        Self::of(names.into_iter().map(|name| self.known(name)).collect::<Result<Vec<_>, _>>()?)
    }

    /// Those of which `keep` says so, such as all that write nothing.
    #[must_use]
    pub fn filter(mut self, keep: impl Fn(&ToolSpec) -> bool) -> Self {
        self.0.retain(|tool| keep(tool.spec()));
        self
    }

    /// Calls a tool something else.
    pub fn rename(mut self, name: &str, new_name: impl Into<String>) -> Result<Self, ToolboxError> {
        let (known, name) = (self.known(name)?, new_name.into());
        if known.spec().name != name && self.get(&name).is_some() {
            return Err(ToolboxError::Duplicate { name });
        }
        let place = self.0.iter_mut().find(|tool| tool.spec().name == known.spec().name);
        place.into_iter().for_each(|tool| *tool = Renamed::wrap(known.clone(), &name));
        Ok(self)
    }

    /// Puts `prefix` before every name.
    #[must_use]
    pub fn prefixed(self, prefix: &str) -> Self {
        let renamed = self.0.into_iter().map(|tool| {
            let name = format!("{prefix}{}", tool.spec().name);
            Renamed::wrap(tool, &name)
        });
        Self(renamed.collect())
    }

    /// The tool of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Tool>> {
        self.0.iter().find(|tool| tool.spec().name == name)
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|tool| tool.spec().name.as_str()).collect()
    }

    fn known(&self, name: &str) -> Result<Arc<dyn Tool>, ToolboxError> {
        self.get(name).cloned().ok_or_else(|| ToolboxError::Unknown {
            name: name.to_owned(),
            known: self.names().into_iter().map(str::to_owned).collect(),
        })
    }
}

impl IntoIterator for Toolbox {
    type Item = Arc<dyn Tool>;
    type IntoIter = std::vec::IntoIter<Arc<dyn Tool>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A tool under another name.
struct Renamed {
    spec: ToolSpec,
    tool: Arc<dyn Tool>,
}

impl Renamed {
    fn wrap(tool: Arc<dyn Tool>, name: &str) -> Arc<dyn Tool> {
        let spec = ToolSpec { name: name.to_owned(), ..tool.spec().clone() };
        Arc::new(Self { spec, tool })
    }
}

#[async_trait::async_trait]
impl Tool for Renamed {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    fn time_limit(&self) -> Option<Duration> {
        self.tool.time_limit()
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        self.tool.call(arguments).await
    }

    fn for_run(&self) -> Option<Arc<dyn Tool>> {
        Some(Self::wrap(self.tool.for_run()?, &self.spec.name))
    }
}
