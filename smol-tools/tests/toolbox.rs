//! Tools in groups.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]

use serde_json::{Value, json};
use smol_core::tool::{Effect, Tool};
use smol_tools::{Toolbox, ToolboxError, tool};

/// Adds.
#[tool(effect = "pure", timeout = "5s")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Negates.
#[tool(effect = "pure")]
fn negate(a: i64) -> i64 {
    -a
}

/// Stores.
#[tool(effect = "writes")]
fn store(a: i64) {
    let _ = a;
}

fn all() -> Toolbox {
    Toolbox::new().with(add).unwrap().with(negate).unwrap().with(store).unwrap()
}

#[test]
fn groups_are_picked_renamed_and_put_together() {
    let check = |toolbox: Result<Toolbox, ToolboxError>, names: &[&str]| {
        assert_eq!(toolbox.unwrap().names(), names);
    };
    check(Ok(all()), &["add", "negate", "store"]);
    check(all().only(["store", "add"]), &["store", "add"]);
    check(Ok(all().filter(|spec| spec.effect == Effect::Pure)), &["add", "negate"]);
    check(Ok(all().prefixed("my_")), &["my_add", "my_negate", "my_store"]);
    check(all().rename("negate", "minus"), &["add", "minus", "store"]);
    check(all().rename("negate", "negate"), &["add", "negate", "store"]);
    check(all().merge(all().prefixed("b_")), &["add", "negate", "store", "b_add", "b_negate", "b_store"]);
}

#[test]
fn names_collide_and_miss_in_words() {
    let check = |toolbox: Result<Toolbox, ToolboxError>, expected: &str| {
        let error = toolbox.err().unwrap().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    check(all().merge(all()), "two tools are named `add`\n\nhint: ");
    check(all().rename("negate", "add"), "two tools are named `add`\n\nhint: ");
    check(all().only(["add", "add"]), "two tools are named `add`\n\nhint: ");
    let unknown = "there is no tool `ad` in this toolbox\n\nhint: it holds `add`, `negate`, `store`";
    check(all().only(["ad"]), unknown);
    check(all().rename("ad", "x"), unknown);
}

#[tokio::test]
async fn a_renamed_tool_is_the_same_tool() {
    let toolbox = all().prefixed("my_").rename("my_add", "sum").unwrap();
    let tool = toolbox.get("sum").unwrap();
    assert_eq!(tool.call(json!({"a": 1, "b": 2})).await, Ok(json!(3)));
    assert_eq!((tool.spec().name.as_str(), &tool.spec().input), ("sum", &add.spec().input));
    assert_eq!(tool.time_limit(), add.time_limit());
    assert_eq!(toolbox.get("my_store").unwrap().call(json!({"a": 1})).await, Ok(Value::Null));
}
