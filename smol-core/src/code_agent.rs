//! Acting by code: the reply's Python goes to the sandbox, what it printed comes back as the observation.

use crate::{
    agent::AgentBuilder,
    exec::{Input, Outcome},
    memory::{AgentStep, CallRecord, MemoryStep},
    model::{Model, StopReason},
    parse::{Action, code_action},
    prompt,
    result::RunState,
    run::{Phase, Run, Strategy},
};

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
                self.phase = Phase::Execute(Input::Code(code));
            }
            Action::Empty => self.observe_no_action(prompt::NO_CODE),
        }
    }

    /// What the sandbox answered to [`crate::run::Next::Execute`].
    pub fn executed(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Call(call) => {
                self.draft.tool_calls.push(CallRecord { call, reply: None });
                self.phase = Phase::Call;
            }
            Outcome::FinalAnswer { value, text, logs } => {
                if !logs.is_empty() {
                    self.draft.observations.push_str(&prompt::observation(&logs, "", ""));
                }
                self.finish(RunState::Answered, value, text);
            }
            Outcome::Value { text, logs, .. } => self.observe(prompt::observation(&logs, &text, ""), None),
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

    /// The blocks a new sandbox must run to hold the variables of this run again.
    pub(crate) fn journal(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> =
            self.steps().filter(|step| !step.sandbox_lost).filter_map(block_of).collect();
        match &self.phase {
            Phase::Call => blocks.extend(block_of(&self.draft)),
            Phase::Execute(Input::ToolReply { .. }) => {
                let mut block = block_of(&self.draft);
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

    /// The variables could not be rebuilt: nothing is replayed from now on, and the model is told.
    pub fn variables_lost(&mut self) {
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
            (Phase::Ask | Phase::Conclude, Some(MemoryStep::Action(step))) => {
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
    pub(crate) calls: Vec<CallRecord>,
}

fn block_of(step: &AgentStep) -> Option<Block> {
    Some(Block { code: step.code_action.clone()?, calls: step.tool_calls.clone() })
}
