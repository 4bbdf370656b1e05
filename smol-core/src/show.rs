//! Runs and agents as text for people. It is returned, not printed: where it goes is the program's affair.

use crate::{
    agent::Agent,
    context,
    memory::{ActionStep, MemoryStep},
    original::Detail,
    run::{Run, Strategy},
    signature::python_signature,
    toolbox::{Doer, Entry},
};
use std::fmt::Write;

impl Run {
    /// The story of the run: tasks, plans, code, calls, observations, answers; in full, also the messages that the
    /// model was shown before each of its replies. A finished run is had from [`crate::session::Session::history`].
    pub fn replay(&self, detail: Detail) -> String {
        let mut story = String::new();
        for (at, step) in self.memory.iter().enumerate() {
            let shown = context::shown_before(self, at).filter(|_| detail == Detail::Full);
            for message in shown.unwrap_or_default() {
                section(&mut story, &format!("shown, {:?}", message.role).to_lowercase(), &message.text());
            }
            self.tell(&mut story, step);
        }
        story.trim_end().to_owned()
    }

    fn tell(&self, story: &mut String, step: &MemoryStep) {
        match step {
            // It is told with the messages, if at all.
            MemoryStep::System(_) => {}
            MemoryStep::Task(step) => section(story, "task", &step.task),
            MemoryStep::Planning(step) => section(story, "plan", &step.plan),
            MemoryStep::Action(step) => tell_action(story, step),
            MemoryStep::Summary(step) => section(story, "summary of the steps so far", &step.text),
            MemoryStep::Note(step) => section(story, "note", &step.text),
            MemoryStep::FinalAnswer(step) => section(story, "final answer", &step.text),
        }
    }

    /// The Python of all steps, with a blank line between two blocks.
    pub fn full_code(&self) -> String {
        let blocks = self.steps().filter_map(|step| step.code_action.as_deref());
        blocks.collect::<Vec<_>>().join("\n\n")
    }
}

fn tell_action(story: &mut String, step: &ActionStep) {
    let number = step.step_number;
    let calls = step.tool_calls.iter().map(|record| {
        let made = record.made();
        format!("{}({})", made.name, made.arguments)
    });
    let calls = calls.collect::<Vec<_>>().join("\n");
    match &step.code_action {
        Some(code) => section(story, &format!("step {number}, code"), code),
        None if calls.is_empty() => section(story, &format!("step {number}"), &step.reply.text),
        None => {}
    }
    section(story, &format!("step {number}, calls"), &calls);
    section(story, &format!("step {number}, observations"), &step.observations);
}

fn section(story: &mut String, title: &str, text: &str) {
    if !text.trim().is_empty() {
        let _ = write!(story, "--- {title} ---\n{}\n\n", text.trim_end());
    }
}

/// A line, with others below it.
struct Branch {
    line: String,
    below: Vec<Branch>,
}

impl Agent {
    /// What the agent is made of, as a tree: its model, what its code may import, its tools with their arguments and
    /// effects, and the agents that it manages, in the same way.
    pub fn visualize(&self) -> String {
        let name = if self.name.is_empty() { "agent" } else { &self.name };
        let mut tree = String::new();
        draw(&self.branch(name), ["", ""], &mut tree);
        tree.trim_end().to_owned()
    }

    fn branch(&self, name: &str) -> Branch {
        let (kind, imports) = match (self.strategy, &self.sandbox.authorized_imports) {
            (Strategy::ToolCalling, _) => ("calls tools", None),
            (Strategy::Code, Some(modules)) => ("writes code", Some(modules.join(", "))),
            (Strategy::Code, None) => ("writes code", Some("all that its sandbox holds".to_owned())),
        };
        let about =
            if self.description.is_empty() { String::new() } else { format!(": {}", self.description) };
        let line = format!("{name} ({}, {kind}, {} steps){about}", self.model.id(), self.settings.max_steps);
        let imports = imports.map(|modules| Branch { line: format!("imports {modules}"), below: Vec::new() });
        Branch { line, below: imports.into_iter().chain(self.tools.entries().iter().map(entry)).collect() }
    }
}

fn entry(entry: &Entry) -> Branch {
    if let Doer::Agent(agent) = &entry.doer {
        return agent.branch(&entry.spec.name);
    }
    let signature = python_signature(&entry.spec);
    let head = signature.lines().next().unwrap_or_default().trim_start_matches("def ").trim_end_matches(':');
    let effect = format!("{:?}", entry.spec.effect).to_lowercase();
    let about = entry.spec.description.lines().next().unwrap_or_default();
    Branch { line: format!("{head} [{effect}] {about}"), below: Vec::new() }
}

/// `first` stands before the branch's own line, `rest` before those below it.
fn draw(branch: &Branch, [first, rest]: [&str; 2], tree: &mut String) {
    let _ = writeln!(tree, "{first}{}", branch.line);
    for (at, below) in branch.below.iter().enumerate() {
        let is_last = at + 1 == branch.below.len();
        let (elbow, indent) = if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
        draw(below, [&format!("{rest}{elbow}"), &format!("{rest}{indent}")], tree);
    }
}
