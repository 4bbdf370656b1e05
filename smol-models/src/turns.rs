//! A conversation as services want it that check its order: turns that alternate, every call answered right after it.
//!
//! What a run remembers need not be so: a run may end between a call and its answer, memory may be pruned, an earlier
//! turn may come from a model with other habits. A service would refuse the whole conversation, so gaps are filled and
//! what has lost its place becomes plain text.

use serde_json::{Value, json};
use smol_core::message::{Media, Message, Part, Role, ToolCall};
use std::collections::HashSet;

/// What stands where there is nothing to say: services refuse a turn without content.
pub(crate) const NOTHING: &str = "(nothing)";
/// The answer to a call that has none.
pub(crate) const UNANSWERED: &str = "no result: the call was not carried out";
/// Letters of an id or a name; services allow 64 and more, and some are left to tell ids apart.
const LONGEST_NAME: usize = 56;

/// A conversation in turns that alternate.
#[derive(Debug, PartialEq)]
pub(crate) struct Conversation<'a> {
    /// The texts of all system messages.
    pub(crate) system: String,
    /// The turns. The first is the person's.
    pub(crate) turns: Vec<Turn<'a>>,
}

/// One turn.
#[derive(Debug, PartialEq)]
pub(crate) enum Turn<'a> {
    /// The person's: the answers to all calls of the turn before, and what else was said.
    Person { answers: Vec<Answer<'a>>, parts: Vec<&'a Part> },
    /// The model's.
    Model(Vec<Said<'a>>),
}

/// One message of the model.
#[derive(Debug, PartialEq)]
pub(crate) struct Said<'a> {
    pub(crate) message: &'a Message,
    /// An id for each of its calls that no other call of the conversation has.
    pub(crate) ids: Vec<String>,
}

/// One message, for services that take a list of them in which answers follow the message that asked.
#[derive(Debug, PartialEq)]
pub(crate) enum Line<'c, 'a> {
    /// The texts of all system messages.
    System(&'c str),
    Person(&'c [&'a Part]),
    Model(&'c Said<'a>),
    Answer(&'c Answer<'a>),
}

/// The answer to a call.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer<'a> {
    pub(crate) id: String,
    pub(crate) call: &'a ToolCall,
    /// What the tool said; `None` if the call was never answered.
    pub(crate) parts: Option<&'a [Part]>,
}

impl<'a> Conversation<'a> {
    /// The turns of `messages`, for a service that speaks `wire`.
    pub(crate) fn of(messages: &'a [Message], wire: &str) -> Self {
        let system = messages.iter().filter(|message| message.role == Role::System).map(Message::text);
        let system = system.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
        let spoken =
            messages.iter().filter(|message| message.role != Role::System && !is_empty(message, wire));
        let spoken: Vec<&Message> = spoken.collect();
        let mut turns = Vec::new();
        let mut ids = HashSet::new();
        let mut asked = Vec::new();
        for run in spoken.chunk_by(|one, other| is_model(one) == is_model(other)) {
            if run.first().is_some_and(|first| is_model(first)) {
                if turns.is_empty() {
                    turns.push(Turn::Person { answers: Vec::new(), parts: Vec::new() });
                }
                let said: Vec<Said> = run.iter().map(|message| Said::new(message, &mut ids)).collect();
                asked = said.iter().flat_map(Said::calls).map(|(id, call)| (id.to_owned(), call)).collect();
                turns.push(Turn::Model(said));
            } else {
                turns.push(person(std::mem::take(&mut asked), run));
            }
        }
        if turns.is_empty() || !asked.is_empty() {
            turns.push(person(asked, &[]));
        }
        Self { system, turns }
    }

    /// Its messages one by one, without those that say nothing.
    pub(crate) fn lines(&self) -> Vec<Line<'_, 'a>> {
        let mut lines = Vec::from_iter(worth_saying(&self.system).map(Line::System));
        for (index, turn) in self.turns.iter().enumerate() {
            match turn {
                Turn::Person { parts, .. } => {
                    lines.extend(parts.iter().any(|part| says(part)).then_some(Line::Person(parts)));
                }
                Turn::Model(said) => {
                    let mut answers = self.turns.get(index + 1).map(Turn::answers).unwrap_or_default().iter();
                    for said in said {
                        lines.push(Line::Model(said));
                        lines.extend(answers.by_ref().take(said.ids.len()).map(Line::Answer));
                    }
                }
            }
        }
        lines
    }

    /// The last turn of the model.
    pub(crate) fn last_said(&self) -> &[Said<'a>] {
        let said = self.turns.iter().rev().find_map(|turn| match turn {
            Turn::Model(said) => Some(said.as_slice()),
            Turn::Person { .. } => None,
        });
        said.unwrap_or_default()
    }
}

impl<'a> Turn<'a> {
    fn answers(&self) -> &[Answer<'a>] {
        match self {
            Turn::Person { answers, .. } => answers,
            Turn::Model(_) => &[],
        }
    }
}

impl Answer<'_> {
    /// What the tool said in words.
    pub(crate) fn text(&self) -> String {
        self.parts.map_or_else(|| UNANSWERED.to_owned(), text)
    }
}

impl<'a> Said<'a> {
    fn new(message: &'a Message, used: &mut HashSet<String>) -> Self {
        Self { message, ids: message.tool_calls.iter().map(|call| unique(&call.id, used)).collect() }
    }

    /// Its calls with their ids.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&str, &'a ToolCall)> {
        self.ids.iter().map(String::as_str).zip(&self.message.tool_calls)
    }
}

fn is_model(message: &Message) -> bool {
    message.role == Role::Assistant
}

/// Whether a message says nothing that a service would take.
fn is_empty(message: &Message, wire: &str) -> bool {
    let kept = message.opaque.iter().any(|part| part.wire == wire) || !message.tool_calls.is_empty();
    let has_place = message.role == Role::Tool || (is_model(message) && kept);
    !has_place && !message.content.iter().any(says)
}

fn says(part: &Part) -> bool {
    !matches!(part, Part::Text(text) if text.trim().is_empty())
}

/// The person's turn after these calls. An answer to no call is something that was said.
fn person<'a>(asked: Vec<(String, &'a ToolCall)>, run: &[&'a Message]) -> Turn<'a> {
    let mut left = run.to_vec();
    let answers = asked.into_iter().map(|(id, call)| {
        let answers = |message: &&Message| {
            message.role == Role::Tool && message.tool_call_id.as_ref() == Some(&call.id)
        };
        let parts = left.iter().position(answers).map(|at| left.remove(at).content.as_slice());
        Answer { id, call, parts }
    });
    let answers = answers.collect();
    Turn::Person { answers, parts: left.into_iter().flat_map(|message| &message.content).collect() }
}

/// The id, or one like it that is still free.
fn unique(id: &str, used: &mut HashSet<String>) -> String {
    let plain = plain(id);
    let others = (2_u32..).map(|number| format!("{plain}_{number}"));
    let free = std::iter::once(plain.clone()).chain(others).find(|id| !used.contains(id));
    let free = free.unwrap_or(plain.clone());
    used.insert(free.clone());
    free
}

/// A name in the letters that every service takes.
pub(crate) fn plain(name: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let letters = name.chars().map(|letter| if allowed(letter) { letter } else { '_' });
    let plain: String = letters.take(LONGEST_NAME).collect();
    if plain.is_empty() { "unnamed".to_owned() } else { plain }
}

/// The arguments of a call. Services refuse all but objects; what the model got wrong must not end the run, so it goes
/// back wrapped.
pub(crate) fn arguments(call: &ToolCall) -> Value {
    match &call.arguments {
        Value::Object(_) => call.arguments.clone(),
        wrong => json!({"malformed_arguments": wrong}),
    }
}

/// The texts of a message's parts.
pub(crate) fn text<'a>(parts: impl IntoIterator<Item = &'a Part>) -> String {
    let texts = parts.into_iter().filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Text that is more than blanks: services refuse what is not.
pub(crate) fn worth_saying(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Media type and content of what is not merely an address.
pub(crate) fn inline(media: &Media) -> Option<(&str, &str)> {
    match media {
        Media::Inline { mime, base64 } => Some((mime, base64)),
        Media::Url(url) => url.strip_prefix("data:")?.split_once(";base64,"),
    }
}
