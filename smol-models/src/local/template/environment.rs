//! Jinja as chat templates expect it: with the functions that `transformers` gives them, and Python's methods.

use minijinja::{Environment, Error, ErrorKind, State, Value, value::Kwargs};
use serde::Serialize;
use std::io;

/// An environment without templates.
pub(super) fn new() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, message))
    });
    environment.add_function("strftime_now", |format: &str| jiff::Zoned::now().strftime(format).to_string());
    environment.add_filter("tojson", to_json);
    environment
}

/// `source` with the tags that mark what a model is trained on, which mean nothing here, as ones that always hold.
pub(super) fn without_training_marks(source: &str) -> String {
    let mut changed = source.to_owned();
    for (mark, instead) in [("generation", "if true"), ("endgeneration", "endif")] {
        for (open, close) in [("{%", "%}"), ("{%-", "%}"), ("{%", "-%}"), ("{%-", "-%}")] {
            changed =
                changed.replace(&format!("{open} {mark} {close}"), &format!("{open} {instead} {close}"));
        }
    }
    changed
}

/// JSON as Python writes it: a space after each comma and colon, or lines indented by `indent`.
fn to_json(_: &State<'_, '_>, value: Value, options: Kwargs) -> Result<Value, Error> {
    let indent = options.get::<Option<usize>>("indent")?;
    // Others, such as `ensure_ascii`, change nothing that a model would notice.
    let mut bytes = Vec::new();
    let written = match indent {
        Some(width) => {
            let indent = vec![b' '; width];
            let formatter = serde_json::ser::PrettyFormatter::with_indent(&indent);
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))
        }
        None => value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Spaced)),
    };
    let failed = |cause: &dyn std::fmt::Display| Error::new(ErrorKind::InvalidOperation, cause.to_string());
    written.map_err(|cause| failed(&cause))?;
    String::from_utf8(bytes).map(Value::from_safe_string).map_err(|cause| failed(&cause))
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
