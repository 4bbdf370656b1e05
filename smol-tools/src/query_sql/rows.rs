//! One statement, run within limits of time and size, and its rows as JSON.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{Connection, Row, types::ValueRef};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// The most bytes of all rows together, each counted as its JSON is.
const MAX_BYTES: usize = 4_000_000;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 10_000;

/// The first rows of one statement, unless the deadline comes before.
pub(super) fn rows(
    connection: &mut Connection,
    query: &str,
    max_rows: usize,
    deadline: Instant,
) -> Result<Vec<Value>, QueryError> {
    connection.progress_handler(STEPS, Some(move || Instant::now() > deadline))?;
    let mut statement = connection.prepare(query)?;
    let names = unique(statement.column_names());
    let (mut found, mut rows, mut bytes) = (Vec::new(), statement.query([])?, 0);
    // A statement that changes something has done so by its first row.
    while found.len() < max_rows
        && let Some(row) = rows.next()?
    {
        let record = record(row, &names)?;
        bytes += record.to_string().len();
        if bytes > MAX_BYTES {
            return Err(QueryError::TooLarge);
        }
        found.push(record);
    }
    Ok(found)
}

fn record(row: &Row<'_>, names: &[String]) -> rusqlite::Result<Value> {
    let field = |(place, name): (usize, &String)| Ok((name.clone(), value(row.get_ref(place)?)));
    names.iter().enumerate().map(field).collect::<rusqlite::Result<Map<_, _>>>().map(Value::Object)
}

/// Bytes go as sandboxes know them (see [`smol_core::exec::Outcome::Value`]).
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => json!({"__type__": "bytes", "base64": STANDARD.encode(bytes)}),
    }
}

/// Columns of one name would hide each other in a record: the second `id` is `id_2`.
fn unique<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for column in columns {
        let numbered = (2..).map(|number| format!("{column}_{number}"));
        let free = std::iter::once(column.to_owned()).chain(numbered).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

/// Why a statement gave no rows.
#[derive(Debug, thiserror::Error)]
pub(super) enum QueryError {
    #[error("the query failed: {}{}", explained(.0), hint(.0))]
    Sqlite(#[from] rusqlite::Error),
    #[error(
        "the rows are larger than the limit of {MAX_BYTES} bytes\n\nhint: select fewer columns or rows, or aggregate"
    )]
    TooLarge,
}

/// What SQLite says, without the code before it.
fn explained(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn hint(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => {
            "\n\nhint: it took too long; narrow it by WHERE and LIMIT, or ask for less at a time"
        }
        Some(rusqlite::ErrorCode::AuthorizationForStatementDenied | rusqlite::ErrorCode::ReadOnly) => {
            "\n\nhint: this tool may not do that"
        }
        _ => "",
    }
}
