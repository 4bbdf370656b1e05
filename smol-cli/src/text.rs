//! Events as text for people: thought and code as they stream, then what the step gave.

use crate::{highlight::python, results};
use anstream::{eprintln, print, println};
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use smolagents::{ActionStep, AgentRunResult, Event, MemoryStep, RunState, event::Purpose, model::Delta};
use std::io::Write;

const MARKERS: [&str; 2] = ["<code>", "```"];

/// Prints a run as it goes.
pub struct Printer {
    verbosity: u8,
    /// What the reply under way is headed by, until it begins.
    heading: String,
    /// Text of the reply that is not printed yet.
    pending: String,
    place: Place,
}

/// Where in a reply the printer is.
#[derive(PartialEq)]
enum Place {
    Start,
    Thought,
    Code,
    After,
}

impl Printer {
    /// `verbosity`: 0 prints nothing until the answer, 1 the steps, 2 reasoning too.
    pub fn new(verbosity: u8) -> Self {
        Self { verbosity, heading: String::new(), pending: String::new(), place: Place::Start }
    }

    /// Prints what happened.
    pub fn print(&mut self, event: &Event) {
        match event {
            Event::Done(result) => self.answer(result),
            Event::Progress(text) => eprintln!("{DIM}{text}{DIM:#}"),
            _ if self.verbosity == 0 => {}
            Event::Nested { .. } => nested(event),
            Event::Ask { purpose, step, .. } => self.heading = heading(*purpose, *step),
            Event::Delta(delta) => self.delta(delta),
            // A question about a call may come next, and stands below the code.
            Event::Said { .. } => self.end_reply(),
            Event::Step(step) => match &**step {
                MemoryStep::Action(step) => self.step(step),
                MemoryStep::FinalAnswer(_) => {}
                _ => self.end_reply(),
            },
            event => line("", event),
        }
        let _ = std::io::stdout().flush();
    }

    fn delta(&mut self, delta: &Delta) {
        if self.place == Place::Start && matches!(delta, Delta::Text(_) | Delta::Reasoning(_)) {
            println!("\n{RULE}── {} {}{RULE:#}", self.heading, "─".repeat(60));
            self.place = Place::Thought;
        }
        match delta {
            Delta::Text(text) => self.text(text),
            Delta::Reasoning(text) if self.verbosity > 1 => print!("{DIM}{text}{DIM:#}"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.pending.push_str(text);
        if self.place == Place::Thought {
            self.thought();
        }
        while self.place == Place::Code
            && let Some((line, rest)) = self.pending.split_once('\n')
        {
            let (line, rest) = (line.to_owned(), rest.to_owned());
            self.code_line(&line);
            self.pending = rest;
        }
    }

    /// Prints the thought up to where the code begins, or as far as no marker can have begun.
    fn thought(&mut self) {
        let marker = MARKERS.iter().filter_map(|marker| self.pending.find(marker)).min();
        let begun =
            MARKERS.iter().flat_map(|marker| (1..marker.len()).filter_map(|length| marker.get(..length)));
        let begun = begun.filter(|piece| self.pending.ends_with(piece)).map(str::len).max().unwrap_or(0);
        let shown = self.pending.get(..self.pending.len() - begun).unwrap_or_default();
        // Line breaks wait too: code may follow, which begins a line by itself.
        let end = marker.unwrap_or(shown.trim_end().len());
        let rest = self.pending.split_off(end);
        let thought = std::mem::replace(&mut self.pending, rest);
        if marker.is_some() {
            println!("{}", thought.trim_end());
            self.place = Place::Code;
        } else {
            print!("{thought}");
        }
    }

    fn code_line(&mut self, line: &str) {
        let is_end = line.contains("</code") || line.trim() == "```";
        let marker = MARKERS.iter().find(|marker| line.trim_start().starts_with(**marker));
        let code = line.split("</code").next().unwrap_or_default();
        let code = marker.map_or(code, |marker| code.trim_start().trim_start_matches(marker));
        let is_label = marker.is_some_and(|marker| *marker == "```");
        if !code.trim().is_empty() && !is_label {
            println!("{RULE}│{RULE:#} {}", python(code));
        }
        if is_end && marker.is_none_or(|marker| *marker == "<code>") {
            self.place = Place::After;
        }
    }

    fn step(&mut self, step: &ActionStep) {
        self.end_reply();
        let (style, text) = match &step.error {
            Some(_) => (ERROR, step.observations.as_str()),
            None => (Style::new(), step.observations.as_str()),
        };
        if !text.trim().is_empty() {
            println!("{style}{}{style:#}", text.trim_end());
        }
        kept(&step.action_output);
        let usage = step.token_usage();
        println!(
            "{DIM}[Step {}: {:.2} s, {} tokens in, {} out]{DIM:#}",
            step.step_number, step.duration, usage.input_tokens, usage.output_tokens
        );
    }

    /// Prints what is left of the reply. Called before anything else is printed, also when a run is cut.
    pub fn end_reply(&mut self) {
        let rest = std::mem::take(&mut self.pending);
        match self.place {
            Place::Code => self.code_line(&rest),
            Place::Thought if rest.trim().is_empty() => println!(),
            Place::Thought => println!("{rest}"),
            _ => {}
        }
        self.place = Place::Start;
    }

    fn answer(&mut self, result: &AgentRunResult) {
        if self.verbosity == 0 {
            println!("{}", result.text);
            return kept(&result.output);
        }
        let (title, style) = match result.state {
            RunState::Answered => ("Answer", ANSWER),
            RunState::Budget => ("Best answer within the budget", ERROR),
            _ => ("Best answer after the last step", ERROR),
        };
        println!("\n{style}── {title} {}{style:#}\n{}", "─".repeat(60 - title.len().min(50)), result.text);
        kept(&result.output);
    }
}

/// Keeps what a terminal cannot show, and says where.
fn kept(value: &Value) {
    results::kept(value).iter().for_each(|line| println!("{DIM}{line}{DIM:#}"));
}

fn heading(purpose: Purpose, step: u32) -> String {
    match purpose {
        Purpose::Act => format!("Step {step}"),
        Purpose::Plan => "Plan".to_owned(),
        Purpose::Summarise => "Summary of the earlier steps".to_owned(),
        Purpose::Conclude => "Last word".to_owned(),
    }
}

/// What a managed agent does, without its deltas: those of several at once would mix.
fn nested(event: &Event) {
    let (path, leaf) = event.leaf();
    let label = format!("{DIM}{path}{DIM:#} ");
    match leaf {
        Event::Ask { purpose, step, .. } => println!("{label}{RULE}{}{RULE:#}", heading(*purpose, *step)),
        Event::Code { code, .. } => {
            code.lines().for_each(|line| println!("{label}{RULE}│{RULE:#} {}", python(line)));
        }
        Event::Step(step) => match &**step {
            MemoryStep::Action(step) if !step.observations.trim().is_empty() => {
                println!("{label}{}", shortened(step.observations.trim()));
            }
            MemoryStep::FinalAnswer(step) => {
                println!("{label}{ANSWER}{}{ANSWER:#}", shortened(step.text.trim()))
            }
            _ => {}
        },
        leaf => line(&label, leaf),
    }
}

/// Events that are one line each.
fn line(label: &str, event: &Event) {
    match event {
        Event::ToolCall { call, .. } => {
            println!("{label}{TOOL}→ {}{TOOL:#}({})", call.name, shortened(&call.arguments.to_string()));
        }
        Event::Checked(Err(why)) => println!("{label}{ERROR}the answer was refused: {why}{ERROR:#}"),
        Event::Low(limit) => {
            println!("{label}{DIM}{} of {} {} used{DIM:#}", limit.used, limit.limit, limit.name)
        }
        Event::OutOfBudget(limit) => println!("{label}{ERROR}{limit}{ERROR:#}"),
        _ => {}
    }
}

const DIM: Style = Style::new().dimmed();
const RULE: Style = AnsiColor::Yellow.on_default();
const TOOL: Style = AnsiColor::Blue.on_default();
const ERROR: Style = AnsiColor::Red.on_default();
const ANSWER: Style = AnsiColor::Green.on_default().bold();

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
