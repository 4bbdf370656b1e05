//! Against a database in a file, as it is used.

use super::*;
use serde_json::json;
use tempfile::TempDir;

fn database() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let connection = Connection::open(&path).unwrap();
    let script = "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, note BLOB); \
                  INSERT INTO customers VALUES (1, 'Ada', x'0102'), (2, 'Bob', NULL), (3, 'Cem', 1.5); \
                  CREATE VIEW names AS SELECT name FROM customers;";
    connection.execute_batch(script).unwrap();
    (folder, path)
}

async fn ask(tool: &QuerySql, query: &str) -> Result<Value, String> {
    tool.call(json!({"query": query})).await.map_err(|ToolError(error)| error)
}

#[tokio::test]
async fn rows_come_as_records() {
    let (_folder, path) = database();
    let tool = QuerySql::open(path).unwrap();
    let check =
        async |query: &str, expected: Value| assert_eq!(ask(&tool, query).await, Ok(expected), "{query}");
    let bytes = json!({"__type__": "bytes", "base64": "AQI="});
    check("SELECT * FROM customers WHERE id = 1", json!([{"id": 1, "name": "Ada", "note": bytes}])).await;
    check("SELECT note FROM customers WHERE id > 1", json!([{"note": null}, {"note": 1.5}])).await;
    check("SELECT count(*) AS n FROM names", json!([{"n": 3}])).await;
    check("SELECT 1 AS a, 2 AS a, 3 AS a", json!([{"a": 1, "a_2": 2, "a_3": 3}])).await;
    check(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3) SELECT * FROM c",
        json!([{"x": 1}, {"x": 2}, {"x": 3}]),
    )
    .await;
    check("SELECT name FROM pragma_table_info('names')", json!([{"name": "name"}])).await;
    check("SELECT CAST(x'ff41' AS TEXT) AS broken", json!([{"broken": "\u{fffd}A"}])).await;
    check("SELECT id FROM customers WHERE 0", json!([])).await;
    let two = tool.call(json!({"query": "SELECT id FROM customers", "max_rows": 2})).await;
    assert_eq!(two, Ok(json!([{"id": 1}, {"id": 2}])));
    let said = &tool.spec().description;
    assert!(said.ends_with("Tables: customers (id, name, note), names (name)"), "{said}");
}

#[tokio::test]
async fn nothing_but_reading_gets_through() {
    let (folder, path) = database();
    let before = std::fs::read(&path).unwrap();
    let tool = QuerySql::open(&path).unwrap();
    let other = folder.path().join("other.db");
    for query in [
        "INSERT INTO customers VALUES (4, 'Eve', NULL)",
        "DELETE FROM customers",
        "UPDATE customers SET name = 'x'",
        "DROP TABLE customers",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "CREATE VIRTUAL TABLE t USING fts5(x)",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = WAL",
        "BEGIN",
        "VACUUM",
        &format!("VACUUM INTO '{}'", other.display()),
        &format!("ATTACH '{}' AS other", other.display()),
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM customers",
    ] {
        let error = ask(&tool, query).await.unwrap_err();
        assert!(error.starts_with("the query failed: "), "{query}: {error}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(!other.exists());
    let spec = tool.spec();
    assert_eq!((spec.effect, spec.untrusted), (Effect::Reads, true));
}

#[tokio::test]
async fn a_statement_that_runs_away_is_ended() {
    let (_folder, path) = database();
    let tool = QuerySql::open(path).unwrap().timeout(Duration::from_millis(30));
    let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c";
    let error = ask(&tool, endless).await.unwrap_err();
    assert!(error.starts_with("the query failed: interrupted\n\nhint: it took too long"), "{error}");
    assert_eq!(ask(&tool, "SELECT 1 AS x").await, Ok(json!([{"x": 1}])), "the next one has its own time");
    let large =
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT hex(zeroblob(100000)) FROM c";
    let tool = tool.timeout(Duration::from_secs(30));
    assert!(ask(&tool, large).await.unwrap_err().starts_with("the rows are larger than the limit of"));
    let error = ask(&tool, "SELECT zeroblob(2000000)").await.unwrap_err();
    assert!(error.starts_with("the query failed: string or blob too big"), "{error}");
}

#[tokio::test]
async fn writing_is_granted_by_name() {
    let (_folder, path) = database();
    let tool = QuerySql::open_writable(&path).unwrap().named("database");
    assert_eq!((tool.spec().effect, tool.spec().name.as_str()), (Effect::Writes, "database"));
    assert_eq!(ask(&tool, "DELETE FROM customers WHERE id > 1").await, Ok(json!([])));
    assert_eq!(ask(&tool, "SELECT id FROM customers").await, Ok(json!([{"id": 1}])));
    assert!(ask(&tool, "ATTACH ':memory:' AS other").await.is_err());
    assert!(ask(&tool, "PRAGMA journal_mode = WAL").await.is_err());
}

#[test]
fn what_is_no_database_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.db");
    std::fs::write(&path, "not a database, but long enough to have a header of one hundred bytes").unwrap();
    for path in [path, folder.path().join("missing.db")] {
        let error = QuerySql::open(&path).err().unwrap().to_string();
        assert!(error.starts_with(&format!("could not open the database `{}`: ", path.display())), "{error}");
    }
}
