//! Which tool calls a person at the terminal is asked about, and the talk with that person. Questions go to standard
//! error, so that standard output stays the run's.

mod edit;
mod question;
#[cfg(test)]
mod tests;

use crate::keyboard::{Dialogue, Keyboard};
use async_trait::async_trait;
use clap::ValueEnum;
pub use question::visible;
use question::{Question, Reply};
use serde::{Deserialize, Serialize};
use smolagents::{
    Decision, Effect,
    gate::Ask,
    guard::{Approver, Policy, Rule, Verdict},
};
use std::{
    collections::HashSet,
    io::{self, Write},
    sync::Arc,
};
use tokio::sync::Mutex;

/// What is asked about where no rule of the configuration decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approve {
    /// Every call
    Ask,
    /// Calls that change the world
    Writes,
    /// Nothing: all is approved
    #[default]
    All,
}

/// The rules of the configuration, then what `approve` says. Without anybody to ask, a run stops where one should.
pub fn policy(approve: Approve, rules: Vec<Rule>, person: Option<Arc<dyn Approver>>) -> Policy {
    let policy = match approve {
        Approve::Ask => Policy::new(Verdict::Ask).rules(rules),
        Approve::Writes => Policy::new(Verdict::Allow).rules(rules).rule(Rule::ask().effect(Effect::Writes)),
        Approve::All => Policy::new(Verdict::Allow).rules(rules),
    };
    match person {
        Some(person) => policy.approver(person),
        None => policy,
    }
}

/// Somebody who reads questions and types answers.
pub struct Person(Mutex<Talk>);

struct Talk {
    dialogue: Dialogue,
    editor: Option<String>,
    /// Tools that need no further question, each for one reason.
    always: HashSet<(String, String)>,
}

impl Person {
    /// The person at the terminal.
    pub fn at_terminal(keyboard: Keyboard) -> Self {
        let editor = std::env::var("EDITOR").ok().filter(|editor| !editor.trim().is_empty());
        Self::new(keyboard, Box::new(anstream::stderr()), editor)
    }

    fn new(keyboard: Keyboard, screen: Box<dyn Write + Send>, editor: Option<String>) -> Self {
        Self(Mutex::new(Talk { dialogue: Dialogue::new(keyboard, screen), editor, always: HashSet::new() }))
    }
}

#[async_trait]
impl Approver for Person {
    /// One question at a time: the lock is held until it is answered.
    async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        let mut talk = self.0.lock().await;
        let key = (ask.call.name.clone(), why.to_owned());
        if !ask.may_have_happened && talk.always.contains(&key) {
            return Decision::Approve;
        }
        let question = Question::new(&ask, why);
        match talk.decision(&question).await {
            Ok(Some(Reply::Always)) => {
                talk.always.insert(key);
                Decision::Approve
            }
            Ok(Some(Reply::Decided(decision))) => decision,
            // Nobody is there any more.
            Ok(None) | Err(_) => Decision::Wait,
        }
    }
}

impl Talk {
    async fn decision(&mut self, question: &Question) -> io::Result<Option<Reply>> {
        self.dialogue.say(&question.text)?;
        loop {
            let Some(letter) = self.dialogue.line(&question.choices).await? else { return Ok(None) };
            let reply = match (letter.trim(), question.may_have_happened) {
                ("y" | "yes", _) => Ok(Reply::Decided(Decision::Approve)),
                ("n" | "no", _) => {
                    let reason =
                        self.dialogue.line("why not, for the model to read: ").await?.unwrap_or_default();
                    Ok(Reply::Decided(Decision::Refuse(question::reason(&reason))))
                }
                ("e" | "edit", _) => self.edited(question).await?,
                ("a" | "always", false) => Ok(Reply::Always),
                ("r" | "result", true) => {
                    let result = self.dialogue.line("its result as JSON: ").await?.unwrap_or_default();
                    edit::json(&result).map(|result| Reply::Decided(Decision::Answer(result)))
                }
                (other, _) => Err(format!("`{other}` is none of the answers")),
            };
            match reply {
                Ok(reply) => return Ok(Some(reply)),
                Err(error) => self.dialogue.say(&format!("{error}\n"))?,
            }
        }
    }

    async fn edited(&mut self, question: &Question) -> io::Result<Result<Reply, String>> {
        let text = match &self.editor {
            Some(editor) => edit::in_editor(editor, &question.arguments).await,
            None => Ok(self.dialogue.line("the arguments as one line of JSON: ").await?.unwrap_or_default()),
        };
        let arguments = text.and_then(|text| edit::arguments(&text));
        Ok(arguments.map(|arguments| Reply::Decided(Decision::Edit(arguments))))
    }
}
