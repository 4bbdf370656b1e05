//! A key reaches the service and nothing that is kept: not the log, the traces, the run file, the result or an error.

use crate::collector::Collector;
use axum::{Json, Router, http::StatusCode, routing::post};
use futures::TryStreamExt;
use serde_json::{Value, json};
use smolagents::{
    Event, ToolCallingAgent,
    models::openai::OpenAiModel,
    otel::Exporter,
    runs::{Header, Recorder},
};
use std::{
    fmt::{Debug, Write},
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

const KEY: &str = "sk-canary-0123456789";
const HEADER: &str = "header-canary-0123456789";

/// All that anybody logs, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}: {value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// A service that has a fault first, then answers, and repeats its keys whenever it can.
async fn service() -> String {
    let asked = Arc::new(AtomicUsize::new(0));
    let answer = move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move {
            let echo = json!({"error": {"message": format!("busy; your keys are {KEY} and {HEADER}")}});
            let call =
                json!({"id": "c", "function": {"name": "final_answer", "arguments": "{\"answer\": 42}"}});
            let reply =
                json!({"choices": [{"finish_reason": "tool_calls", "message": {"tool_calls": [call]}}]});
            match number {
                1 => (StatusCode::OK, Json(reply)),
                0 => (StatusCode::SERVICE_UNAVAILABLE, Json(echo)),
                _ => (StatusCode::BAD_REQUEST, Json(echo)),
            }
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = Router::new().route("/chat/completions", post(answer));
    tokio::spawn(async move { axum::serve(listener, server).await });
    url
}

#[tokio::test]
async fn keys_are_in_nothing_that_is_kept() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (collector, folder) = (Collector::start(200).await, tempfile::tempdir().unwrap());
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let model = OpenAiModel::new("m").api_base(service().await).api_key(KEY).header("x-org", HEADER);
    let agent = ToolCallingAgent::builder(model).build().unwrap();
    let mut recorder = Recorder::create(folder.path(), Header::new(Value::Null)).unwrap();
    let path = recorder.path().to_owned();
    let events = recorder.tee(exporter.watch(agent.run("What is the answer?").stream()));
    let events: Vec<Event> = events.try_collect().await.unwrap();
    let refused = agent.run("And now?").await.unwrap_err();
    exporter.flush().await.unwrap();

    let kept = [
        ("log", log.0.lock().unwrap().clone()),
        ("traces", format!("{:?}", collector.spans())),
        ("run file", fs::read_to_string(path).unwrap()),
        ("events", format!("{events:?}")),
        ("error", format!("{refused} {refused:?}")),
    ];
    for (what, text) in kept {
        assert!(!text.is_empty() && !text.contains("canary"), "{what}: {text}");
    }
    assert!(refused.to_string().contains("***"), "the test must reach the echo: {refused}");
}
