//! Names for tools that code can call: identifiers, each once, whatever the servers call theirs.

use smol_core::python_name;
use std::collections::{HashMap, HashSet};

/// What services of models take.
const LONGEST: usize = 64;

/// Names for tools, given as the server's name and the tool's. Two servers' tools of one name get their server's name
/// in front, both of them: so what a tool is called does not depend on which server was named first.
pub fn identifiers(tools: &[(&str, &str)]) -> Vec<String> {
    let mut servers: HashMap<String, HashSet<&str>> = HashMap::new();
    for (server, tool) in tools {
        servers.entry(python_name(tool)).or_default().insert(server);
    }
    let mut taken = HashSet::new();
    let name = |(server, tool): &(&str, &str)| {
        let name = python_name(tool);
        let is_shared = servers.get(&name).is_some_and(|servers| servers.len() > 1);
        // The one name that every agent has a use for.
        let name = if is_shared || name == "final_answer" {
            format!("{}_{name}", python_name(server))
        } else {
            name
        };
        let unique = (1..).map(|number| numbered(&name, number)).find(|name| taken.insert(name.clone()));
        unique.unwrap_or(name)
    };
    tools.iter().map(name).collect()
}

/// The name, short enough, with a number from the second on. All of its characters are single bytes.
fn numbered(name: &str, number: u32) -> String {
    let number = if number == 1 { String::new() } else { format!("_{number}") };
    name.chars().take(LONGEST - number.len()).collect::<String>() + &number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_and_each_is_there_once() {
        fn check(tools: &[(&str, &str)], expect: &[&str]) {
            assert_eq!(identifiers(tools), expect, "{tools:?}");
        }
        check(&[("a", "get-sum"), ("a", "2nd"), ("a", "class")], &["get_sum", "_2nd", "class_"]);
        check(&[("a", "read"), ("my-b", "read"), ("a", "write")], &["a_read", "my_b_read", "write"]);
        check(&[("a", "x-y"), ("a", "x_y"), ("a", "x y")], &["x_y", "x_y_2", "x_y_3"]);
        check(&[("a", "final_answer")], &["a_final_answer"]);
        check(&[("a", ""), ("a", "\u{1b}[31m\0"), ("a", "né")], &["_", "__31m_", "n_"]);
        check(&[("a", "b"), ("c", "b"), ("a", "c_b")], &["a_b", "c_b", "c_b_2"]);
        let long = "x".repeat(100);
        let expect = ["x".repeat(64), "x".repeat(62) + "_2"];
        assert_eq!(identifiers(&[("a", &long), ("a", &long)]), expect);
    }
}
