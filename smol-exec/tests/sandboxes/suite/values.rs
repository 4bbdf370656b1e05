//! Values on their way out and in.

use super::sandbox;
use crate::common::{feed, feed_with, open, tool};
use serde_json::{Value, json};
use smol_core::exec::{Executor, Outcome, Sandbox, SandboxSpec};

async fn value(sandbox: &mut dyn Sandbox, code: &str) -> Value {
    match feed(sandbox, code).await {
        Outcome::Value { value, .. } => value,
        other => panic!("{code}: {other:?}"),
    }
}

/// Rows of Python and its JSON.
fn rows() -> Vec<(&'static str, Value)> {
    vec![
        ("None", Value::Null),
        ("True", json!(true)),
        ("[1, -2, 2.5, 'ä', None, [False]]", json!([1, -2, 2.5, "ä", null, [false]])),
        ("{'a': {'b': []}}", json!({"a": {"b": []}})),
        ("2**63 - 1, 2**64 - 1", json!({"__type__": "tuple", "items": [i64::MAX, u64::MAX]})),
        ("2**64", json!({"__type__": "bigint", "text": "0x10000000000000000"})),
        ("-2**63 - 1", json!({"__type__": "bigint", "text": "-0x8000000000000001"})),
        (
            "[float('inf'), -float('inf')]",
            json!([{"__type__": "float", "text": "inf"}, {"__type__": "float", "text": "-inf"}]),
        ),
        ("{3}", json!({"__type__": "set", "items": [3]})),
        ("frozenset([3])", json!({"__type__": "frozenset", "items": [3]})),
        ("b'\\x00\\xff'", json!({"__type__": "bytes", "base64": "AP8="})),
        ("1 + 2j", json!({"__type__": "complex", "real": 1.0, "imag": 2.0})),
        (
            "{1: 'a', (2,): 'b'}",
            json!({"__type__": "dict", "items": [[1, "a"], [{"__type__": "tuple", "items": [2]}, "b"]]}),
        ),
        ("{'__type__': 'set'}", json!({"__type__": "dict", "items": [["__type__", "set"]]})),
        (
            "__import__('datetime').datetime(2024, 2, 29, 12, 30)",
            json!({"__type__": "datetime", "text": "2024-02-29T12:30:00"}),
        ),
        ("__import__('datetime').date(2024, 2, 29)", json!({"__type__": "date", "text": "2024-02-29"})),
        ("__import__('datetime').time(1, 2, 3)", json!({"__type__": "time", "text": "01:02:03"})),
        (
            "__import__('datetime').timedelta(hours=25)",
            json!({"__type__": "timedelta", "days": 1, "seconds": 3600, "microseconds": 0}),
        ),
        ("__import__('decimal').Decimal('1.10')", json!({"__type__": "decimal", "text": "1.10"})),
        ("__import__('fractions').Fraction(2, 6)", json!({"__type__": "fraction", "text": "1/3"})),
        ("__import__('pathlib').PurePosixPath('a/b')", json!({"__type__": "path", "text": "a/b"})),
    ]
}

pub(super) async fn values_go_out_tagged_where_json_lacks_them(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in rows() {
        assert_eq!(value(&mut *sandbox, code).await, expected, "{code}");
    }
}

pub(super) async fn values_come_in_as_they_went_out(executor: &dyn Executor) {
    let give = tool("give", json!({"properties": {}}));
    let spec = SandboxSpec { tools: vec![give], ..SandboxSpec::default() };
    let mut sandbox = open(executor, spec).await;
    for (code, json) in rows() {
        let block = format!(
            "value, expected = give(), ({code})\nvalue == expected and type(value) is type(expected)"
        );
        let outcome = feed_with(&mut *sandbox, &block, |_| Ok(json.clone())).await;
        assert!(matches!(&outcome, Outcome::Value { text, .. } if text == "True"), "{code}: {outcome:?}");
    }
}

pub(super) async fn kinds_of_the_basic_types_go_as_those(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in [
        ("__import__('collections').Counter('aab')", json!({"a": 2, "b": 1})),
        ("__import__('collections').deque([1])", json!([1])),
        ("__import__('enum').IntEnum('E', 'A B').B", json!(2)),
        ("__import__('enum').StrEnum('E', {'A': 'x'}).A", json!("x")),
        ("bytearray(b'a')", json!({"__type__": "bytes", "base64": "YQ=="})),
        ("__import__('collections').namedtuple('P', 'x')(1)", json!({"__type__": "tuple", "items": [1]})),
        (
            "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\nP(1)",
            json!({"__type__": "dataclass", "name": "P", "fields": {"x": 1}}),
        ),
        ("range(3)", json!({"__type__": "repr", "text": "range(0, 3)"})),
        ("'\\ud800'", json!("?")),
    ] {
        assert_eq!(value(&mut *sandbox, code).await, expected, "{code}");
    }
}

pub(super) async fn what_cannot_go_goes_as_a_short_text(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for code in [
        "a = []\na.append(a)\na",
        "d = {}\nd['d'] = d\nd",
        "a = 1\nfor _ in range(10_000): a = [a]\na",
        "[0] * 3_000_000",
        "['x' * 1000] * 100_000",
        "'x' * 30_000_000",
        "class Bad:\n    def __repr__(self): raise ValueError('no')\nBad()",
        "class Bad(dict):\n    def items(self): raise ValueError('no')\nBad(a=1)",
        "10 ** 5000",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        let Outcome::Value { value, text, .. } = &outcome else { panic!("{code}: {outcome:?}") };
        let kind = value["__type__"].as_str().unwrap_or_default();
        assert!(matches!(kind, "repr" | "bigint") && value.to_string().len() < 10_000, "{code}: {kind}");
        assert!(text.chars().count() < 51_000, "{code}");
    }
}
