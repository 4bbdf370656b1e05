//! The agent loop of smolagents for Rust, without any IO of its own: no runtime, no HTTP client, no files.
//!
//! An agent puts a task to a [`model::Model`]; the reply's Python goes to an [`exec::Sandbox`], its tool calls to
//! [`tool::Tool`]s; what came of it is observed, and the model is asked again, until it answers. Three traits are
//! the outside world, [`run::Run`] is what has happened and decides what is next, and [`agent::Agent::drive`] is
//! the one loop that does what it says. Start reading there: `drive.rs`, then `run.rs`, then the two strategies.

mod acts;
pub mod agent;
pub mod artifact;
pub mod attempt;
pub mod budget;
mod calls;
mod code_agent;
pub mod context;
mod drive;
pub mod embed;
pub mod event;
pub mod exec;
pub mod gate;
mod history;
pub mod hooks;
pub mod inspect;
mod log;
mod managed;
pub mod media;
pub mod memory;
pub mod message;
pub mod model;
pub mod original;
pub mod parse;
mod parts;
mod place;
mod prepare;
mod prompt;
pub mod result;
pub mod run;
pub mod session;
mod show;
mod signature;
pub mod task;
pub mod text_model;
pub mod tool;
mod tool_calling_agent;
mod toolbox;
mod transitions;

pub use code_agent::CodeAgent;
pub use drive::Live;
pub use signature::python_name;
pub use tool_calling_agent::{ToolCallingAgent, final_answer_spec};

// Traits are used through pointers everywhere: an `Arc` of one is one.
#[async_trait::async_trait]
impl<T: tool::Tool + ?Sized> tool::Tool for std::sync::Arc<T> {
    fn spec(&self) -> &tool::ToolSpec {
        (**self).spec()
    }

    fn time_limit(&self) -> Option<std::time::Duration> {
        (**self).time_limit()
    }

    async fn call(&self, arguments: serde_json::Value) -> Result<serde_json::Value, tool::ToolError> {
        (**self).call(arguments).await
    }

    fn for_run(&self) -> Option<std::sync::Arc<dyn tool::Tool>> {
        (**self).for_run()
    }

    fn python_source(&self) -> Option<String> {
        (**self).python_source()
    }
}

impl<M: model::Model + ?Sized> model::Model for std::sync::Arc<M> {
    fn stream(
        &self,
        request: model::Request,
    ) -> futures::stream::BoxStream<'_, Result<model::Delta, model::ModelError>> {
        (**self).stream(request)
    }

    fn id(&self) -> &str {
        (**self).id()
    }

    fn info(&self) -> model::ModelInfo {
        (**self).info()
    }
}

impl<E: exec::Executor + ?Sized> exec::Executor for std::sync::Arc<E> {
    fn open<'a>(
        &'a self,
        spec: exec::SandboxSpec,
        progress: exec::Progress<'a>,
    ) -> futures::future::BoxFuture<'a, Result<Box<dyn exec::Sandbox>, exec::ExecError>> {
        (**self).open(spec, progress)
    }

    fn name(&self) -> &'static str {
        (**self).name()
    }
}
