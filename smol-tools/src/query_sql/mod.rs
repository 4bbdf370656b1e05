//! `query_sql`: questions to an SQLite database. That it is only read is held in three places: the file is opened for
//! reading, the connection refuses to write, and each statement is looked at before it runs, so that none can attach
//! another file, load code or change a setting either.

mod guard;
mod rows;
#[cfg(test)]
mod tests;

use crate::{
    schema::{parse_arguments, spec_of},
    text::tell,
    work::on_thread,
};
use rows::rows;
use rusqlite::{Connection, OpenFlags, limits::Limit};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The most bytes of one text or blob, which SQLite holds itself to.
const MAX_VALUE: i32 = 1_000_000;

/// The most characters of the tables' own words in the description.
const MAX_TABLES: usize = 4_000;

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
            rows(&mut connection, &input.query, input.max_rows, deadline)
        };
        on_thread("query_sql", work).await?.map(Value::Array).map_err(tell)
    }
}
