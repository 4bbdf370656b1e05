//! `query_sql`: questions to an SQLite database. That it is only read is held in three places: the file is opened for
//! reading, the connection refuses to write, and each statement is looked at before it runs, so that none can attach
//! another file, load code or change a setting either.

mod guard;
#[cfg(test)]
mod tests;

use crate::{
    schema::{parse_arguments, spec_of},
    text::tell,
    work::on_thread,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{Connection, OpenFlags, Row, limits::Limit, types::ValueRef};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The most bytes of one text or blob, which SQLite holds itself to.
const MAX_VALUE: i32 = 1_000_000;

/// The most bytes of all rows together, each counted as its JSON is.
const MAX_BYTES: usize = 4_000_000;

/// The most characters of the tables' own words in the description.
const MAX_TABLES: usize = 4_000;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 10_000;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// one SQL statement, in SQLite's dialect
    query: String,
    /// the most rows to return
    #[serde(default = "hundred")]
    #[schemars(range(min = 1, max = 1000))]
    max_rows: usize,
}

fn hundred() -> usize {
    100
}

/// The tool `query_sql(query, max_rows = 100)`. It gives the rows as a list of records; its description tells the model
/// which tables there are.
pub struct QuerySql {
    spec: ToolSpec,
    connection: Arc<Mutex<Connection>>,
    timeout: Duration,
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("could not open the database `{path}`: {cause}\n\nhint: give the file of an SQLite database")]
#[non_exhaustive]
pub struct SqlError {
    /// Its file.
    pub path: String,
    /// What SQLite says.
    pub cause: rusqlite::Error,
}

impl QuerySql {
    /// The database in this file, to be read and never changed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqlError> {
        Self::with(path.as_ref(), false)
    }

    /// The database in this file, which must be there. Statements may change what its tables hold, and the tables
    /// themselves.
    pub fn open_writable(path: impl AsRef<Path>) -> Result<Self, SqlError> {
        Self::with(path.as_ref(), true)
    }

    /// Calls the tool something else, such as `database_query`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.spec.name = name.into();
        self
    }

    /// Gives a statement this long; 30 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn with(path: &Path, writable: bool) -> Result<Self, SqlError> {
        let failed = |cause| SqlError { path: path.display().to_string(), cause };
        let (connection, tables) = connect(path, writable).map_err(failed)?;
        let what = if writable { "Runs one SQL statement" } else { "Runs one SQL query, which only reads," };
        let description = format!("{what} on an SQLite database and returns the rows as records. {tables}");
        // Whoever filled the tables wrote what is in them.
        let spec = ToolSpec {
            untrusted: true,
            ..spec_of::<Input, Vec<Map<String, Value>>>("query_sql", description)
        };
        let effect = if writable { Effect::Writes } else { Effect::Reads };
        let connection = Arc::new(Mutex::new(connection));
        Ok(Self { spec: ToolSpec { effect, ..spec }, connection, timeout: Duration::from_secs(30) })
    }
}

fn connect(path: &Path, writable: bool) -> rusqlite::Result<(Connection, String)> {
    let access = if writable { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
    let mut connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE)?;
    connection.pragma_update(None, "query_only", !writable)?;
    let tables = tables(&connection)?;
    connection.authorizer(Some(guard::authorizer(writable)))?;
    Ok((connection, tables))
}

/// `Tables: customers (id, name), orders (id, customer)`, as far as there is room.
fn tables(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT m.name || ' (' || group_concat(c.name, ', ') || ')' FROM sqlite_schema m \
               JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' \
               GROUP BY m.name ORDER BY m.name";
    let mut statement = connection.prepare(sql)?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let text: String = format!("Tables: {}", names.join(", ")).chars().take(MAX_TABLES).collect();
    Ok(if names.is_empty() { "It has no tables yet.".to_owned() } else { text })
}

/// The rows of one statement, until the deadline.
fn rows(connection: &mut Connection, input: &Input, deadline: Instant) -> Result<Vec<Value>, QueryError> {
    connection.progress_handler(STEPS, Some(move || Instant::now() > deadline))?;
    let mut statement = connection.prepare(&input.query)?;
    let names = unique(statement.column_names());
    let (mut found, mut rows, mut bytes) = (Vec::new(), statement.query([])?, 0);
    while let Some(row) = rows.next()? {
        // The others still run where a statement changes something.
        if found.len() == input.max_rows {
            if names.is_empty() { continue } else { break }
        }
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
enum QueryError {
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

#[async_trait::async_trait]
impl Tool for QuerySql {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let input: Input = parse_arguments(arguments)?;
        let (connection, deadline) = (self.connection.clone(), Instant::now() + self.timeout);
        let work = move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            rows(&mut connection, &input, deadline)
        };
        on_thread("query_sql", work).await?.map(Value::Array).map_err(tell)
    }
}
