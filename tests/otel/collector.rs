//! A collector of traces: takes OTLP over HTTP, as protobuf, and keeps the spans.

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value as Attribute,
    trace::v1::{Span, status::StatusCode as Outcome},
};
use prost::Message;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};

/// A running collector.
pub(crate) struct Collector {
    /// Where it takes traces.
    pub(crate) url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// One on a free port of this machine, that answers with this status.
    pub(crate) async fn start(status: u16) -> Self {
        let spans: Arc<Mutex<Vec<Span>>> = Arc::default();
        let kept = spans.clone();
        let take = move |body: Bytes| async move {
            let request = ExportTraceServiceRequest::decode(body).unwrap();
            let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            kept.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
            StatusCode::from_u16(status).unwrap()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let app = Router::new().route("/v1/traces", post(take));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, spans }
    }

    /// What came so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.spans.lock().unwrap().clone()
    }
}

/// The attributes of a span, by name.
pub(crate) fn attributes(span: &Span) -> Map<String, Value> {
    let attributes = span.attributes.iter();
    let attributes = attributes.map(|attribute| {
        (attribute.key.clone(), value(attribute.value.as_ref().unwrap().value.as_ref().unwrap()))
    });
    attributes.collect()
}

fn value(attribute: &Attribute) -> Value {
    match attribute {
        Attribute::StringValue(text) => json!(text),
        Attribute::BoolValue(truth) => json!(truth),
        Attribute::IntValue(number) => json!(number),
        Attribute::DoubleValue(number) => json!(number),
        Attribute::ArrayValue(array) => {
            array.values.iter().map(|item| value(item.value.as_ref().unwrap())).collect()
        }
        other => json!(format!("{other:?}")),
    }
}

/// Kind, name and status of every span, indented below the span it belongs to, as they began.
pub(crate) fn tree(spans: &[Span]) -> String {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| span.start_time_unix_nano);
    let mut lines = String::new();
    below(&spans, &[], 0, &mut lines);
    assert_eq!(lines.lines().count(), spans.len(), "some spans have lost their parent: {spans:#?}");
    lines
}

fn below(spans: &[&Span], parent: &[u8], depth: usize, lines: &mut String) {
    for span in spans.iter().filter(|span| span.parent_span_id == parent) {
        let status = span.status.clone().unwrap_or_default();
        let said = match status.code() {
            Outcome::Ok => "ok".to_owned(),
            Outcome::Error => status.message,
            Outcome::Unset => "unset".to_owned(),
        };
        let kind = attributes(span)["openinference.span.kind"].as_str().unwrap().to_owned();
        *lines += &format!("{}{kind} {}: {said}\n", "  ".repeat(depth), span.name);
        below(spans, &span.span_id, depth + 1, lines);
    }
}
