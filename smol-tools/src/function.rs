//! A closure with a spec is a tool.

use crate::{cache::Cache, schema, work::run};
use futures::{FutureExt, future::BoxFuture};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use smol_core::tool::{Effect, TIME_LIMIT, Tool, ToolError, ToolSpec};
use std::{fmt::Display, time::Duration};

/// A tool made of a spec and a closure. Unlike a function under [`tool`](crate::tool) it may hold state.
///
/// ```
/// use smol_tools::FunctionTool;
/// use std::sync::{Arc, Mutex};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Note {
///     /// one line
///     text: String,
/// }
///
/// let notes: Arc<Mutex<Vec<String>>> = Arc::default();
/// let kept = notes.clone();
/// let note = FunctionTool::typed("note", "Keeps a note and tells how many there are.", move |note: Note| {
///     let mut notes = kept.lock().unwrap();
///     notes.push(note.text);
///     std::future::ready(Ok::<_, String>(notes.len()))
/// });
/// # let tool: &dyn smol_core::tool::Tool = &note;
/// # assert_eq!(tool.spec().input["properties"]["text"]["description"], "one line");
/// # let call = tool.call(serde_json::json!({"text": "milk"}));
/// # assert_eq!(futures::executor::block_on(call), Ok(1.into()));
/// ```
pub struct FunctionTool {
    spec: ToolSpec,
    function: Box<dyn Fn(Value) -> BoxFuture<'static, Result<Value, ToolError>> + Send + Sync>,
    time_limit: Option<Duration>,
    cache: Option<Cache>,
}

impl FunctionTool {
    /// A tool that answers each call with what `function` makes of the arguments, a JSON object. A panic becomes
    /// an error, which the model reads.
    pub fn new<F>(spec: ToolSpec, function: impl Fn(Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, ToolError>> + Send + 'static,
    {
        let function = Box::new(move |arguments| function(arguments).boxed());
        Self { spec, function, time_limit: Some(TIME_LIMIT), cache: None }
    }

    /// A tool whose arguments are the fields of a struct, and whose spec is read off the types: the doc comment of a
    /// field describes its argument, `Option` and `#[serde(default)]` make it optional.
    pub fn typed<I, O, E, F>(
        name: impl Into<String>,
        description: impl Into<String>,
        function: impl Fn(I) -> F + Send + Sync + 'static,
    ) -> Self
    where
        I: DeserializeOwned + JsonSchema,
        O: Serialize + JsonSchema + 'static,
        E: Display + 'static,
        F: Future<Output = Result<O, E>> + Send + 'static,
    {
        let spec = schema::spec_of::<I, O>(name, description);
        let name = spec.name.clone();
        Self::new(spec, move |arguments| {
            let name = name.clone();
            let work = schema::parse_arguments(arguments).map(&function);
            async move { run(&name, work?).await }
        })
    }

    /// What it does to the world; without this, it reads.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.spec.effect = effect;
        self
    }

    /// Its results may hold what strangers wrote.
    #[must_use]
    pub fn untrusted(mut self) -> Self {
        self.spec.untrusted = true;
        self
    }

    /// How long a call may take; none: as long as it needs.
    #[must_use]
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.time_limit = limit.into();
        self
    }

    /// Keeps the results of the last so many different calls.
    #[must_use]
    pub fn cached(mut self, entries: usize) -> Self {
        self.cache = Some(Cache::new(entries));
        self
    }

    async fn call_now(&self, arguments: Value) -> Result<Value, ToolError> {
        // Inside the block, so that a panic before the future exists is caught as well.
        run(&self.spec.name, async { (self.function)(arguments).await }).await
    }
}

#[async_trait::async_trait]
impl Tool for FunctionTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    fn time_limit(&self) -> Option<Duration> {
        self.time_limit
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        match &self.cache {
            Some(cache) => cache.get_or_call(arguments, |arguments| self.call_now(arguments)).await,
            None => self.call_now(arguments).await,
        }
    }
}
