//! Calls written as Python, whose arguments are named literals.

use super::Call;
use serde_json::{Map, Number, Value};

/// Deeper nesting than any call needs.
const DEPTH: usize = 32;

/// The calls in `text` up to the bracket that closes their list; none if anything else stands there.
pub(super) fn calls(text: &str) -> Option<Vec<Call>> {
    let mut reader = Reader { rest: text };
    let mut calls = Vec::new();
    while !reader.take("]") {
        calls.push(reader.call()?);
        reader.take(",");
    }
    Some(calls)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn call(&mut self) -> Option<Call> {
        let name = self.name()?.to_owned();
        self.expect("(")?;
        let mut arguments = Map::new();
        while !self.take(")") {
            let name = self.name()?.to_owned();
            self.expect("=")?;
            arguments.insert(name, self.value(DEPTH)?);
            self.take(",");
        }
        Some((name, arguments.into()))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '\'' | '"' => self.text().map(Value::String),
            '[' | '(' => {
                let close = if self.take("[") { "]" } else { ")" };
                self.take("(");
                let mut values = Vec::new();
                while !self.take(close) {
                    values.push(self.value(depth)?);
                    self.take(",");
                }
                Some(values.into())
            }
            '{' => {
                self.expect("{")?;
                let mut fields = Map::new();
                while !self.take("}") {
                    let name = self.text()?;
                    self.expect(":")?;
                    fields.insert(name, self.value(depth)?);
                    self.take(",");
                }
                Some(fields.into())
            }
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && !"+-._".contains(letter))?;
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "True" | "true" => Some(true.into()),
            "False" | "false" => Some(false.into()),
            "None" | "null" => Some(Value::Null),
            _ => word
                .parse::<i64>()
                .map(Value::from)
                .ok()
                .or_else(|| Number::from_f64(word.parse().ok()?).map(Value::Number)),
        }
    }

    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((place, letter)) = letters.next() {
            match letter {
                '\\' => text.push(match letters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                }),
                _ if letter == quote => {
                    self.rest = self.rest.get(place + 1..)?;
                    return Some(text);
                }
                _ => text.push(letter),
            }
        }
        None
    }

    fn name(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(name).filter(|name| !name.is_empty())
    }

    fn expect(&mut self, mark: &str) -> Option<()> {
        self.take(mark).then_some(())
    }

    /// Whether `mark` comes next; then it is passed.
    fn take(&mut self, mark: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}
