//! Gradio apps as tools: Spaces on the Hub, and apps anywhere else.
//!
//! `app` finds an app and reads what it says of itself, `endpoint` makes a tool's spec of one of its functions, `queue` calls
//! it, `files` carries what is no JSON. Gradio 4, 5 and 6 speak the same wire; from 5 on below `/gradio_api`, which the
//! app's configuration tells.

mod app;
mod endpoint;
mod files;
mod lines;
mod queue;

use crate::media::Access;
use app::App;
use endpoint::Endpoint;
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::time::Duration;

/// A Gradio app that is to become a tool: the original's `Tool.from_space`.
///
/// ```no_run
/// # async fn example() -> Result<(), smol_tools::SpaceError> {
/// let image_generator = smol_tools::Space::new("black-forest-labs/FLUX.1-schnell")
///     .name("image_generator")
///     .description("Makes an image of a description")
///     .api_name("/infer")
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub struct Space {
    source: String,
    name: Option<String>,
    description: Option<String>,
    api_name: Option<String>,
    token: Option<String>,
    hub: String,
    access: Access,
    timeout: Duration,
    largest_file: u64,
}

/// Why an app is no tool, or gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// No answer, or half of one.
    #[error("could not reach `{url}`: {cause}")]
    Unreachable {
        /// The address asked.
        url: String,
        /// What the network said.
        cause: String,
    },
    /// It answered with an error.
    #[error("`{url}` answered {status}: {message}{}", status_hint(*.status))]
    Status {
        /// The address asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What it said, shortened.
        message: String,
    },
    /// What answered is no Gradio app of a version that is known.
    #[error(
        "`{url}` is no Gradio app that can be called: {cause}\n\nhint: apps made with Gradio 4 or later can be"
    )]
    NotGradio {
        /// The address asked.
        url: String,
        /// What was wrong.
        cause: String,
    },
    /// It has no function of this name, or several and none was named.
    #[error("`{url}` has {}\n\nhint: name one of `{}`", unnamed(.wanted), .known.join("`, `"))]
    Endpoint {
        /// The app.
        url: String,
        /// The name asked for.
        wanted: Option<String>,
        /// The names there are.
        known: Vec<String>,
    },
    /// The app's function raised.
    #[error("the app failed: {0}")]
    Failed(String),
    /// It took too long.
    #[error("`{url}` gave no result within {seconds} s; last it said: {heard}")]
    Timeout {
        /// The app.
        url: String,
        /// The limit.
        seconds: u64,
        /// Where in its queue the call was.
        heard: String,
    },
    /// A result is larger than what is taken.
    #[error("`{url}` is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The result's address.
        url: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// An argument could not be used.
    #[error("{0}")]
    Argument(String),
}

fn status_hint(status: u16) -> &'static str {
    match status {
        401 | 403 | 404 => "\n\nhint: check its name; a private Space needs a token",
        429 | 503 => "\n\nhint: it is busy or still starting; try again later",
        _ => "",
    }
}

fn unnamed(wanted: &Option<String>) -> String {
    match wanted {
        Some(wanted) => format!("no function named `{wanted}`"),
        None => "several functions".to_owned(),
    }
}

impl Space {
    /// The Space of this id, such as `owner/name`, or the app at this address.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            name: None,
            description: None,
            api_name: None,
            token: None,
            hub: "https://huggingface.co".to_owned(),
            access: Access::new(),
            timeout: Duration::from_secs(600),
            largest_file: 64 << 20,
        }
    }

    /// What the tool is called; the function's own name unless told.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What the tool does, for the model; what the app says about it unless told.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Which of its functions, such as `/predict`. It may be left out where there is one.
    #[must_use]
    pub fn api_name(mut self, name: impl Into<String>) -> Self {
        self.api_name = Some(name.into());
        self
    }

    /// The Hub's token, for a private Space. It is sent to the Hub and to the Space.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Looks Spaces up at another Hub.
    #[must_use]
    pub fn hub(mut self, endpoint: impl Into<String>) -> Self {
        self.hub = endpoint.into().trim_end_matches('/').to_owned();
        self
    }

    /// What files may be sent to it; none of this machine unless told.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// How long a call may take, its turn in the queue included; ten minutes unless told.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Refuses results that are larger, in bytes; 64 MiB unless told.
    #[must_use]
    pub fn largest_file(mut self, bytes: u64) -> Self {
        self.largest_file = bytes;
        self
    }

    /// Asks the app what it can do, and makes the tool.
    ///
    /// # Errors
    /// [`SpaceError`] where it is not there, is no Gradio app, or has no such function.
    pub async fn connect(self) -> Result<SpaceTool, SpaceError> {
        let app = App::find(&self).await?;
        let endpoint = app.endpoint(self.api_name.as_deref()).await?;
        let spec = endpoint.spec(self.name.as_deref(), self.description.as_deref());
        Ok(SpaceTool { spec, app, endpoint, access: self.access })
    }
}

/// A function of a Gradio app. A result that is a file comes as an image or as bytes; several results come as a list.
pub struct SpaceTool {
    spec: ToolSpec,
    app: App,
    endpoint: Endpoint,
    access: Access,
}

impl SpaceTool {
    async fn run(&self, arguments: &Value) -> Result<Value, SpaceError> {
        let mut inputs = Vec::new();
        for parameter in self.endpoint.parameters() {
            let given = arguments.get(&parameter.name).filter(|value| !value.is_null());
            inputs.push(match given {
                Some(value) if parameter.is_file => self.app.send(value, &self.access).await?,
                Some(value) => value.clone(),
                None => parameter.default.clone(),
            });
        }
        let outputs = self.app.call(&self.endpoint, inputs).await?;
        let mut results = Vec::new();
        for output in outputs {
            results.push(self.app.receive(output).await?);
        }
        Ok(if results.len() == 1 { results.swap_remove(0) } else { Value::Array(results) })
    }
}

#[async_trait::async_trait]
impl Tool for SpaceTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    /// The app's own limit comes first, since its error tells more; then the results have this long to arrive.
    fn time_limit(&self) -> Option<Duration> {
        Some(self.app.timeout.saturating_add(Duration::from_secs(120)))
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        self.run(&arguments).await.map_err(|error| ToolError(error.to_string()))
    }
}
