//! The person at the terminal, whom servers ask. What is typed goes to the server that is named.

use crate::{
    approve::visible,
    keyboard::{Dialogue, Keyboard},
};
use async_trait::async_trait;
use serde_json::{Map, Value};
use smolagents::mcp::{Answer, Elicit, Elicitation, Form};
use std::io::{self, Write};
use tokio::sync::Mutex;

pub struct Person(Mutex<Talk>);

struct Talk(Dialogue);

impl Person {
    /// The person at the terminal.
    pub fn at_terminal(keyboard: Keyboard) -> Self {
        Self::new(keyboard, Box::new(anstream::stderr()))
    }

    fn new(keyboard: Keyboard, screen: Box<dyn Write + Send>) -> Self {
        Self(Mutex::new(Talk(Dialogue::new(keyboard, screen))))
    }
}

#[async_trait]
impl Elicit for Person {
    /// One question at a time: the lock is held until it is answered.
    async fn elicit(&self, question: Elicitation) -> Answer {
        self.0.lock().await.answer(&question).await.unwrap_or(Answer::Cancel)
    }
}

impl Talk {
    async fn answer(&mut self, question: &Elicitation) -> io::Result<Answer> {
        let (server, message) = (visible(&question.server), visible(&question.message));
        self.0.say(&format!("\n── the MCP server `{server}` asks: {message}\n"))?;
        let fields = match &question.form {
            Form::Url(url) => {
                self.0.say(&format!("it wants you to open {}\n", visible(url)))?;
                Map::new()
            }
            Form::Fields(form) => {
                form.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
            }
            _ => return Ok(Answer::Decline),
        };
        let yes = self.0.line("y: yes, n: no ▸ ").await?;
        if !yes.is_some_and(|line| matches!(line.trim(), "y" | "yes")) {
            return Ok(Answer::Decline);
        }
        let mut values = Map::new();
        for (name, field) in &fields {
            match self.value(name, field).await? {
                Some(Value::Null) => {}
                Some(value) => {
                    values.insert(name.clone(), value);
                }
                None => return Ok(Answer::Cancel),
            }
        }
        Ok(Answer::Accept(values))
    }

    /// What is typed for one field, until it fits; null for nothing, none if nobody is there.
    async fn value(&mut self, name: &str, field: &Value) -> io::Result<Option<Value>> {
        let text = |key: &str| field.get(key).and_then(Value::as_str).unwrap_or_default();
        let choices = field.get("enum").map(|choices| format!(" {choices}")).unwrap_or_default();
        let default = field.get("default").map(|default| format!(" [{default}]")).unwrap_or_default();
        let prompt = format!("{name} ({}){choices}{default} {} ▸ ", text("type"), text("description"));
        let kind = text("type").to_owned();
        loop {
            let Some(line) = self.0.line(&visible(&prompt)).await? else { return Ok(None) };
            match typed(&kind, line.trim()) {
                Ok(value) => return Ok(Some(value)),
                Err(fault) => self.0.say(&format!("{fault}\n"))?,
            }
        }
    }
}

/// A typed line as a value of a type of JSON Schema.
fn typed(kind: &str, line: &str) -> Result<Value, String> {
    match (kind, line) {
        (_, "") => Ok(Value::Null),
        ("boolean", "y" | "yes" | "true") => Ok(true.into()),
        ("boolean", "n" | "no" | "false") => Ok(false.into()),
        ("boolean", other) => Err(format!("`{other}` is neither yes nor no")),
        ("integer" | "number" | "array", text) => {
            serde_json::from_str(text).map_err(|_| format!("`{text}` is no {kind}"))
        }
        (_, text) => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyboard::tests::Screen;
    use serde_json::json;

    /// What typed lines answer to the form.
    async fn check(typed: &'static str, answer: Answer) {
        let person = Person::new(Keyboard::new(typed.as_bytes()), Box::new(io::sink()));
        let form = Form::Fields(json!({"type": "object", "properties": {
            "name": {"type": "string"}, "age": {"type": "integer"}, "agrees": {"type": "boolean"}}}));
        let mut talk = person.0.lock().await;
        assert_eq!(talk.answer(&question(form)).await.unwrap(), answer, "{typed:?}");
    }

    #[tokio::test]
    async fn a_server_hides_nothing_on_the_screen() {
        let screen = Screen::default();
        let person = Person::new(Keyboard::new("n\n".as_bytes()), Box::new(screen.clone()));
        let form = Form::Url("https://x.example/".to_owned());
        person.elicit(Elicitation::new("x", "\u{1b}[2Jwho are you?", form)).await;
        let expected = "\n── the MCP server `x` asks: \\u{1b}[2Jwho are you?\nit wants you to open \
                        https://x.example/\ny: yes, n: no ▸ ";
        assert_eq!(screen.text(), expected);
    }

    fn question(form: Form) -> Elicitation {
        Elicitation::new("x", "who are you?", form)
    }

    #[tokio::test]
    async fn what_is_typed_is_the_answer() {
        let accept = |values: Value| Answer::Accept(values.as_object().unwrap().clone());
        check("y\nAda\n36\nyes\n", accept(json!({"name": "Ada", "age": 36, "agrees": true}))).await;
        check("yes\n\nold\n36\nperhaps\nn\n", accept(json!({"age": 36, "agrees": false}))).await;
        check("n\n", Answer::Decline).await;
        check("\n", Answer::Decline).await;
        check("", Answer::Decline).await;
        check("y\nAda\n", Answer::Cancel).await;
    }
}
