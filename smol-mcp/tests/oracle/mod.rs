//! What holds of names and schemas whatever a server calls its tools. The fuzz target `mcp` asks it, too.

use serde_json::Value;
use smol_mcp::strangers::{identifiers, input};
use std::collections::HashSet;

/// `text` is taken for lines of a server's and a tool's name with a tab between them, and for a schema.
pub fn check_tools(text: &str) {
    let tools: Vec<(&str, &str)> =
        text.lines().map(|line| line.split_once('\t').unwrap_or(("", line))).collect();
    let names = identifiers(&tools);
    assert_eq!(names.len(), tools.len());
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "each is there once: {names:?}");
    for name in names {
        assert!((1..=64).contains(&name.len()) && name != "final_answer", "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{name}");
        assert!(!name.starts_with(|first: char| first.is_ascii_digit()), "{name}");
    }
    let Ok(Value::Object(schema)) = serde_json::from_str(text) else { return };
    let Ok(made) = input(&schema) else { return };
    assert_eq!(made.get("type"), Some(&Value::from("object")), "{made}");
    assert!(made.get("properties").is_some_and(Value::is_object), "{made}");
    assert!(jsonschema::validator_for(&made).is_ok(), "{made}");
    assert!(made.to_string().len() <= 1 << 20, "{} characters of {}", made.to_string().len(), text.len());
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_servers_name_holds() {
        for text in [
            "",
            "a\tread\nb\tread\na\tread",
            "\u{1b}\n\t\nfinal_answer\nserver\tfinal_answer\n1\tclass\nclass",
            "{}",
            r##"{"properties": {"a": {"$ref": "#/properties/a"}}}"##,
            r##"{"properties": {"a": {"$ref": "#"}, "$ref": {"$ref": "#/$defs/~0"}}, "$defs": {"~": true}}"##,
            &format!(
                r##"{{"$defs": {{"a": {{"pattern": "{}"}}}}, "items": [{}{{}}]}}"##,
                "x".repeat(20_000),
                r##"{"$ref": "#/$defs/a"},"##.repeat(1_000)
            ),
            r#"{"enum": [{"$ref": "x"}], "properties": 3}"#,
        ] {
            super::check_tools(text);
        }
    }
}
