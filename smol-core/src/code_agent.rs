//! Acting by code: the reply's Python goes to the sandbox, what it printed comes back as the observation.

use crate::{
    agent::AgentBuilder,
    artifact::Artifact,
    event::Purpose,
    exec::{Input, Outcome},
    inspect::Inspection,
    memory::{ActionStep, CallRecord, MemoryStep},
    message::Media,
    model::{Model, StopReason},
    parse::{Action, code_action, structured_code},
    prompt,
    run::{Phase, Run, Strategy},
    signature::assignments,
};
use serde_json::Value;

/// An agent that writes Python. Its tools are functions there, so one step can loop, branch and combine calls.
pub struct CodeAgent;

impl CodeAgent {
    /// Starts one; it needs an executor before it can be built.
    pub fn builder(model: impl Model + 'static) -> AgentBuilder {
        AgentBuilder::new(Strategy::Code, model)
    }
}

impl Run {
    pub(crate) fn read_code(&mut self) {
        if let Some(code) = structured_code(&self.draft.reply.text).filter(|_| self.settings.structured) {
            self.draft.code_action = Some(code.clone());
            self.phase = Phase::Inspect(code);
            return;
        }
        let reply = &mut self.draft.reply;
        let open_tag = reply.text.contains("<code>") && !reply.text.contains("</code>");
        let action = code_action(&reply.text);
        // Half a program must not run: what it did before the cut could not be undone.
        if reply.stop == StopReason::Length && (open_tag || !reply.text.contains("</code>")) {
            return self.observe_no_action(prompt::CUT_OFF);
        }
        if open_tag {
            // The stop sequence ate the tag; the model should see its own replies whole.
            let whole = reply.text.trim_end().trim_end_matches("</code").trim_end().to_owned();
            reply.text = whole + "\n</code>";
        }
        self.bare = matches!(action, Action::Bare(_));
        match action {
            Action::Code(code) | Action::Bare(code) => {
                self.draft.code_action = Some(code.clone());
                self.phase = Phase::Inspect(code);
            }
            Action::Empty => self.observe_no_action(prompt::NO_CODE),
        }
    }

    /// The code was read. It runs, unless it cannot work.
    pub(crate) fn inspected(&mut self, code: &str, clock: u64, inspection: &Inspection) {
        self.draft.possible_calls.clone_from(&inspection.calls);
        if inspection.faults.is_empty() {
            self.draft.clock = clock;
            self.phase = Phase::Execute(Input::Code(code.to_owned()));
        } else {
            // It never ran: nothing of it is to be replayed.
            self.draft.sandbox_lost = true;
            let faults = format!("{}\n{}", prompt::NOT_RUN, inspection.faults.join("\n"));
            self.observe(prompt::observation("", "", &faults), Some(faults));
        }
    }

    pub(crate) fn executed(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Call(call) => {
                self.draft.tool_calls.push(CallRecord::new(call));
                self.phase = Phase::Call;
            }
            Outcome::FinalAnswer { value, text, logs } => {
                if !logs.is_empty() {
                    self.draft.observations.push_str(&prompt::observation(&logs, "", ""));
                }
                self.propose(value, text);
            }
            Outcome::Value { value, text, logs } => {
                self.show_pictures(&value);
                self.draft.action_output = value;
                self.observe(prompt::observation(&logs, &text, ""), None);
            }
            Outcome::Raised { kind, .. } if self.bare && SYNTAX_ERRORS.contains(&kind.as_str()) => {
                self.draft.code_action = None;
                self.observe_no_action(prompt::NO_CODE);
            }
            Outcome::Raised { error, logs, .. } => {
                self.observe(prompt::observation(&logs, "", &error), Some(error))
            }
            Outcome::Lost { reason, logs } => {
                self.draft.sandbox_lost = true;
                self.observe(
                    prompt::observation(&logs, "", &format!("{reason}\n{}", prompt::LOST)),
                    Some(reason),
                );
            }
        }
    }

    /// Pictures that code gave go with the observation, to a model that sees them.
    fn show_pictures(&mut self, value: &Value) {
        if self.settings.pictures {
            let seen = Artifact::all(value).into_iter().filter(Artifact::is_seen);
            let pictures = seen.map(|picture| Media::bytes(picture.media_type, &picture.content));
            self.draft.observation_images.extend(pictures);
        }
    }

    /// The blocks a new sandbox must run to hold the variables of this run again.
    pub(crate) fn journal(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = self.memory.iter().filter_map(block_of).collect();
        match &self.phase {
            Phase::Call | Phase::Check { .. } => blocks.extend(block_of_step(&self.draft)),
            Phase::Execute(Input::ToolReply { .. }) => {
                let mut block = block_of_step(&self.draft);
                // The last reply is not history yet: it is what comes next.
                if let Some(record) = block.as_mut().and_then(|block| block.calls.last_mut()) {
                    record.reply = None;
                }
                blocks.extend(block);
            }
            _ => {}
        }
        blocks
    }

    /// The code that gives the session the variables of its tasks, from the `known`th task on.
    pub fn definitions(&self, known: usize) -> Vec<String> {
        self.tasks().skip(known).map(|task| assignments(&task.variables)).collect()
    }

    /// The variables could not be rebuilt: nothing is replayed from now on, and the model is told.
    pub(crate) fn variables_lost(&mut self) {
        for step in &mut self.memory {
            if let MemoryStep::Action(step) = step {
                step.sandbox_lost = true;
            }
        }
        let told = prompt::VARIABLES_GONE;
        match (&self.phase, self.memory.last_mut()) {
            // The block that was under way cannot go on.
            (Phase::Call | Phase::Execute(Input::ToolReply { .. }), _) => {
                self.draft.sandbox_lost = true;
                self.observe(prompt::observation("", "", told), Some(told.to_owned()));
            }
            // The model is about to read its last observation.
            (Phase::Ask(Purpose::Act | Purpose::Conclude), Some(MemoryStep::Action(step))) => {
                step.observations.push_str(&format!("\n{told}"))
            }
            _ => self.draft.observations.push_str(told),
        }
    }
}

const SYNTAX_ERRORS: [&str; 3] = ["SyntaxError", "IndentationError", "TabError"];

/// A block of code with the calls it made. A call without a reply is the one it waits at.
pub(crate) struct Block {
    pub(crate) code: String,
    pub(crate) clock: u64,
    pub(crate) calls: Vec<CallRecord>,
}

fn block_of(step: &MemoryStep) -> Option<Block> {
    match step {
        MemoryStep::Action(step) if !step.sandbox_lost => block_of_step(step),
        MemoryStep::Task(task) if !task.variables.is_empty() => {
            Some(Block { code: assignments(&task.variables), clock: 0, calls: Vec::new() })
        }
        _ => None,
    }
}

fn block_of_step(step: &ActionStep) -> Option<Block> {
    Some(Block { code: step.code_action.clone()?, clock: step.clock, calls: step.tool_calls.clone() })
}
