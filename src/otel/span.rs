//! One span, from its beginning to its end.

use super::Exporter;
use opentelemetry::{
    Context, KeyValue,
    trace::{Span as _, SpanBuilder, SpanContext, Status, TraceContextExt, Tracer},
};
use opentelemetry_sdk::trace::Span;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A span that has not ended.
pub(super) struct Open {
    span: Span,
    /// In seconds since 1970, as all times here.
    pub(super) start: f64,
}

impl Open {
    pub(super) fn context(&self) -> SpanContext {
        self.span.span_context().clone()
    }

    pub(super) fn add_event(&mut self, name: &'static str, time: f64, attributes: Vec<KeyValue>) {
        self.span.add_event_with_timestamp(name, at(time), attributes);
    }

    /// Ends the span, not before it began. Without a status it is not known whether all went well.
    pub(super) fn end(
        mut self,
        exporter: &Exporter,
        time: f64,
        attributes: Vec<KeyValue>,
        status: Option<Result<(), &str>>,
    ) {
        self.span.set_attributes(attributes);
        match status {
            Some(Ok(())) => self.span.set_status(Status::Ok),
            Some(Err(_)) if exporter.hidden.outputs => self.span.set_status(Status::error("")),
            Some(Err(error)) => self.span.set_status(Status::error(error.to_owned())),
            None => {}
        }
        self.span.end_with_timestamp(at(time.max(self.start)));
    }
}

impl Exporter {
    pub(super) fn open(
        &self,
        name: String,
        parent: Option<&SpanContext>,
        start: f64,
        attributes: Vec<KeyValue>,
    ) -> Open {
        let parent = parent
            .cloned()
            .map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
        let span = SpanBuilder::from_name(name).with_start_time(at(start)).with_attributes(attributes);
        Open { span: self.pipe.tracer.build_with_context(span, &parent), start }
    }
}

fn at(seconds: f64) -> SystemTime {
    let since = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}
