//! Runs as traces, for the tools that show them: Phoenix, Langfuse, or any collector that takes OpenTelemetry over HTTP.
//!
//! A trace is made of a run's events and nothing else, with the times that they carry. So an agent knows nothing of it,
//! and a run that was recorded gives the trace that it gave live.
//!
//! ```
//! use smolagents::{otel::Exporter, prelude::*};
//! # use smolagents::models::scripted::{ScriptedModel, calls};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let model = ScriptedModel::new([calls([("final_answer", serde_json::json!({"answer": 42}))])]);
//! let exporter = Exporter::otlp("http://127.0.0.1:6006/v1/traces")?;
//! let agent = ToolCallingAgent::builder(model).build()?;
//! let mut events = exporter.watch(agent.run("What is the answer?").stream());
//! while let Some(event) = events.next().await {
//!     event?;
//! }
//! // Before a program ends it waits for what is still on its way.
//! if let Err(error) = exporter.flush().await {
//!     eprintln!("{error}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Spans have the names, kinds and attributes that OpenInference's instrumentation of the original gives them, so that
//! whoever shows those shows ours: `{agent}.run` (AGENT), `Step {n}` (CHAIN), `{model}.generate` (LLM), `{tool}` (TOOL).
//! A managed agent's run stands under the call that it works on. Beside them stand the `gen_ai.*` attributes of
//! OpenTelemetry, without the texts: a conversation grows with every step, and once is enough. Tokens are counted where
//! they are spent, at the model's spans, so that a sum over a trace is right.
//!
//! Tasks, prompts, arguments and results are sent, that is what a trace is for; [`Exporter::hide_inputs`] and
//! [`Exporter::hide_outputs`] keep them back. Keys are in no event, and so in no trace.

mod attributes;
mod messages;
mod span;
mod trace;

use crate::{Event, Run, RunError};
use futures::{Stream, StreamExt, channel::oneshot, stream::BoxStream};
use opentelemetry::{InstrumentationScope, trace::TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider},
};
use std::{sync::Arc, thread};
use trace::Trace;

/// Spans in one request. Those of a model hold whole conversations, and collectors refuse what is too large.
const SPANS_AT_ONCE: usize = 64;

/// Sends traces. Clones send by the same connection. What is not yet sent when the last of them and of the streams they
/// watch is dropped is sent by a thread of its own, if the program lasts that long: [`Exporter::flush`] waits for it.
#[derive(Debug, Clone)]
pub struct Exporter {
    pipe: Arc<Pipe>,
    hidden: Hidden,
}

/// What is kept back.
#[derive(Debug, Clone, Copy)]
struct Hidden {
    inputs: bool,
    outputs: bool,
}

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The exporter could not be set up.
    #[error(
        "traces cannot be sent: {cause}\n\nhint: the address is that of a collector's traces, such as \
        `http://127.0.0.1:6006/v1/traces`"
    )]
    Setup {
        /// What is wrong, with the setting.
        cause: String,
    },
    /// Spans were not taken, or not in time.
    #[error("traces were not sent: {cause}\n\nhint: is the collector running, and is its address right?")]
    Send {
        /// What went wrong.
        cause: String,
    },
}

impl Exporter {
    /// Sends to this address, by OTLP in protobuf over HTTP. The rest is as the environment says, see
    /// [`Exporter::from_env`].
    pub fn otlp(url: impl Into<String>) -> Result<Self, Error> {
        Self::new(SpanExporter::builder().with_http().with_endpoint(url).build())
    }

    /// Sends to where the standard variables `OTEL_EXPORTER_OTLP_*` say, with their headers; to port 4318 of this
    /// machine if they say nothing. `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`,
    /// `OPENINFERENCE_HIDE_INPUTS` and `OPENINFERENCE_HIDE_OUTPUTS` are heeded, too.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(SpanExporter::builder().with_http().build())
    }

    fn new(exporter: Result<SpanExporter, ExporterBuildError>) -> Result<Self, Error> {
        let exporter = exporter.map_err(|error| Error::Setup { cause: error.to_string() })?;
        let config = BatchConfigBuilder::default().with_max_export_batch_size(SPANS_AT_ONCE).build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(config).build())
            // Each message of a conversation is several: the usual 128 would cut the newest off.
            .with_max_attributes_per_span(u32::MAX)
            .build();
        let scope =
            InstrumentationScope::builder("smolagents").with_version(env!("CARGO_PKG_VERSION")).build();
        let tracer = provider.tracer_with_scope(scope);
        let hides = |name| std::env::var(name).is_ok_and(|value| value.eq_ignore_ascii_case("true"));
        let hidden = Hidden {
            inputs: hides("OPENINFERENCE_HIDE_INPUTS"),
            outputs: hides("OPENINFERENCE_HIDE_OUTPUTS"),
        };
        Ok(Self { pipe: Arc::new(Pipe { provider, tracer }), hidden })
    }

    /// Keeps tasks, messages to models and arguments of tools back.
    pub fn hide_inputs(mut self) -> Self {
        self.hidden.inputs = true;
        self
    }

    /// Keeps replies of models, results of tools, answers, and what errors say back. What was said in one step is an
    /// input of the next.
    pub fn hide_outputs(mut self) -> Self {
        self.hidden.outputs = true;
        self
    }

    /// The same events, and a trace of them.
    pub fn watch<'a>(
        &self,
        events: impl Stream<Item = Result<Event, RunError>> + Send + 'a,
    ) -> BoxStream<'a, Result<Event, RunError>> {
        self.watch_after(Run::default(), events)
    }

    /// The same events, and a trace of them, where they carry on a run that stands as `run`: one that is resumed, or
    /// a session with its history. The trace begins where the events do.
    pub fn watch_after<'a>(
        &self,
        run: Run,
        events: impl Stream<Item = Result<Event, RunError>> + Send + 'a,
    ) -> BoxStream<'a, Result<Event, RunError>> {
        let mut trace = Trace::new(self.clone(), None, run);
        let events = events.inspect(move |event| match event {
            Ok(event) => trace.event(event),
            Err(error) => trace.failed(&error.failure),
        });
        events.boxed()
    }

    /// Ready when all that ended so far is sent, or at most 5 seconds later. It holds up no other task.
    pub async fn flush(&self) -> Result<(), Error> {
        let (sender, sent) = oneshot::channel();
        let provider = self.pipe.provider.clone();
        let thread = thread::Builder::new().spawn(move || sender.send(provider.force_flush()));
        let result = match thread {
            Ok(_) => sent.await.map_err(|_| "the thread that sends them ended".to_owned()).and_then(cause),
            Err(error) => Err(error.to_string()),
        };
        result.map_err(|cause| Error::Send { cause })
    }
}

fn cause(result: OTelSdkResult) -> Result<(), String> {
    result.map_err(|error| error.to_string())
}

/// What spans go through.
#[derive(Debug)]
struct Pipe {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Drop for Pipe {
    /// The provider waits when it is shut down, which a thread of an async runtime must not.
    fn drop(&mut self) {
        let provider = self.provider.clone();
        // Without a thread the spans are lost: there is nobody to tell.
        let _ = thread::Builder::new().spawn(move || provider.shutdown());
    }
}
