//! A call as a person reads it. What a model wrote is shown so that it can hide nothing: no control characters, no
//! letters that turn the direction of writing, and a word where something was cut.

use anstyle::{AnsiColor, Style};
use serde_json::Value;
use smolagents::{Decision, Effect, gate::Ask, inspect::PossibleCall};

/// The most lines of arguments that are shown, and the most characters of one.
const LINES: usize = 30;
const WIDTH: usize = 300;

const ASKED: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();
const ALARM: Style = AnsiColor::Red.on_default().bold();

/// What is put to a person.
pub struct Question {
    /// The call and what is known of it.
    pub text: String,
    /// The answers there are.
    pub choices: String,
    /// The arguments, to be edited.
    pub arguments: Value,
    /// Whether it may be a second time.
    pub may_have_happened: bool,
}

/// What came back.
pub enum Reply {
    /// For this call.
    Decided(Decision),
    /// Yes, and no further question about this tool.
    Always,
}

impl Question {
    /// The question that `ask` is.
    pub fn new(ask: &Ask<'_>, why: &str) -> Self {
        let (name, arguments) = (visible(&ask.call.name), ask.call.arguments.clone());
        let effect = match ask.effect() {
            Effect::Pure => "computes",
            Effect::Reads => "reads",
            Effect::Writes => "writes",
        };
        let path = visible(ask.path);
        let kind = if ask.is_agent { "an agent that " } else { "" };
        let mut text = format!(
            "\n{ASKED}── may `{path}` call `{name}`, {kind}{effect}?{ASKED:#}\n{}\n{DIM}why: {}{DIM:#}\n",
            shown(&arguments),
            visible(why),
        );
        let also: Vec<String> =
            ask.possible.iter().filter(|call| call.tool != ask.call.name).map(possible).collect();
        if !also.is_empty() {
            text += &format!("{DIM}the code may also call {}{DIM:#}\n", also.join(", "));
        }
        let last = match ask.may_have_happened {
            true => "r: it did happen, give its result".to_owned(),
            false => format!("a: always `{name}`"),
        };
        if ask.may_have_happened {
            text +=
                &format!("{ALARM}it may have happened already: the run was cut while it was made{ALARM:#}\n");
        }
        let choices = format!("y: yes, n: no, e: edit the arguments, {last} ▸ ");
        Self { text, choices, arguments, may_have_happened: ask.may_have_happened }
    }
}

/// What the model reads of a person's no.
pub fn reason(typed: &str) -> String {
    match typed.trim() {
        "" => "a person said no".to_owned(),
        reason => format!("a person said no: {reason}"),
    }
}

fn possible(call: &PossibleCall) -> String {
    let lines: Vec<String> = call.lines.iter().map(u32::to_string).collect();
    let plural = if lines.len() == 1 { "" } else { "s" };
    format!("`{}` (line{plural} {})", visible(&call.tool), lines.join(", "))
}

fn shown(arguments: &Value) -> String {
    let text = visible(&serde_json::to_string_pretty(arguments).unwrap_or_default());
    let mut lines: Vec<String> = text.lines().take(LINES).map(cut).collect();
    let more = text.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("… {more} more lines; `e` shows all"));
    }
    lines.join("\n")
}

fn cut(line: &str) -> String {
    let more = line.chars().count().saturating_sub(WIDTH);
    match more {
        0 => line.to_owned(),
        more => format!("{}… {more} more characters", line.chars().take(WIDTH).collect::<String>()),
    }
}

/// A text in which nothing is hidden.
pub fn visible(text: &str) -> String {
    let hides = |letter: char| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    let one = |letter: char| {
        if hides(letter) { letter.escape_unicode().to_string() } else { letter.to_string() }
    };
    text.chars().map(one).collect()
}
