//! How a run goes on: from a reply to what it asks for, from what came of it to the next step, and to the end.

use crate::{
    budget::Limit,
    context,
    event::Purpose,
    exec::Input,
    gate::Decision,
    memory::{
        ActionStep, CallRecord, FinalAnswerStep, MemoryStep, NoteStep, PlanningStep, SummaryStep, display,
    },
    message::TokenUsage,
    model::{Reply, StopReason},
    prompt,
    result::RunState,
    run::{Phase, Run, Strategy},
};
use serde_json::Value;

impl Run {
    pub(crate) fn said(&mut self, mut reply: Reply, seconds: f64) {
        let Phase::Ask(purpose) = self.phase else { return };
        let token_usage = reply.usage.unwrap_or_default();
        match purpose {
            Purpose::Plan => {
                let plan = reply.text.trim().to_owned();
                // The action that follows is asked for at a time of its own.
                let started = std::mem::take(&mut self.draft.started);
                let step = PlanningStep { plan, token_usage, started, duration: seconds, error: None };
                self.memory.push(MemoryStep::Planning(step));
                self.phase = Phase::Ask(Purpose::Act);
            }
            Purpose::Summarise => {
                let step = SummaryStep {
                    text: reply.text.trim().to_owned(),
                    until: context::kept_from(self),
                    token_usage,
                };
                self.memory.push(MemoryStep::Summary(step));
                self.draft.started = 0.0;
                self.phase = Phase::Ask(context::purpose(self));
            }
            Purpose::Conclude => {
                reply.text = reply.text.trim().to_owned();
                self.draft.reply = reply;
                self.draft.duration += seconds;
                self.conclude();
            }
            Purpose::Act => {
                self.draft.reply = reply;
                self.draft.duration += seconds;
                match self.strategy {
                    Strategy::Code => self.read_code(),
                    Strategy::ToolCalling => self.read_calls(),
                }
            }
        }
    }

    pub(crate) fn conclude(&mut self) {
        let (state, error) = match &self.out_of {
            Some(limit) => (RunState::Budget, limit.to_string()),
            None => {
                (RunState::MaxSteps, format!("the limit of {} steps was reached", self.settings.max_steps))
            }
        };
        self.draft.error = Some(error);
        let text = self.draft.reply.text.clone();
        let parsed = self.settings.output.as_ref().and_then(|_| serde_json::from_str(&text).ok());
        self.finish(state, parsed.unwrap_or_else(|| Value::String(text.clone())), text);
    }

    pub(crate) fn out_of_budget(&mut self, limit: &Limit) {
        // What the draft had begun is given up: its code, if it waits for a tool, goes with its sandbox.
        if !matches!(self.phase, Phase::Ask(_)) {
            self.draft.sandbox_lost = true;
            self.observe(limit.to_string(), Some(limit.to_string()));
        }
        self.out_of = Some(limit.clone());
        self.phase = Phase::Ask(Purpose::Conclude);
        if !limit.last_word {
            self.draft.reply.text = context::best_so_far(self);
            self.conclude();
        }
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.memory.push(MemoryStep::Note(NoteStep { text: text.to_owned() }));
        self.announced = self.memory.len();
    }

    pub(crate) fn open_call(&mut self, id: &str) -> Option<&mut CallRecord> {
        self.draft.tool_calls.iter_mut().find(|record| record.call.id == id && record.reply.is_none())
    }

    pub(crate) fn decided(&mut self, id: &str, decision: &Decision) {
        self.decisions.remove(id);
        let Some(record) = self.open_call(id) else { return };
        // Decided anew, it is made anew.
        (record.decision, record.timestamp) = (Some(decision.clone()), None);
        match decision {
            Decision::Edit(arguments) => record.edited = Some(arguments.clone()),
            Decision::Refuse(reason) => record.reply = Some(Err(format!("the call was refused: {reason}"))),
            Decision::Answer(value) => record.reply = Some(Ok(value.clone())),
            Decision::Approve | Decision::Wait => {}
        }
        self.settle_calls();
    }

    pub(crate) fn tool_replied(&mut self, id: &str, reply: &Result<Value, String>, seconds: f64) {
        let ends = self.draft.tool_calls.iter().filter(|record| record.reply.is_some());
        let busy_until =
            ends.map(|record| record.timestamp.unwrap_or_default() + record.seconds).fold(0.0, f64::max);
        let Some(record) = self.open_call(id) else { return };
        let begun = record.timestamp.unwrap_or_default();
        record.token_usage = record.run.as_ref().map_or_else(TokenUsage::default, |run| run.token_usage());
        (record.reply, record.seconds, record.run) = (Some(reply.clone()), seconds, None);
        // Calls side by side take the time of the longest.
        let taken = (begun + seconds - begun.max(busy_until)).max(0.0);
        self.draft.duration += taken;
        self.spent.seconds += taken;
        self.settle_calls();
    }

    /// Goes on once every call has its reply.
    pub(crate) fn settle_calls(&mut self) {
        let Some(last) = self.draft.tool_calls.last().cloned() else { return };
        if self.draft.tool_calls.iter().any(|record| record.reply.is_none()) {
            return;
        }
        match (self.strategy, last.reply) {
            (Strategy::Code, Some(reply)) => {
                self.phase = Phase::Execute(Input::ToolReply { id: last.call.id, reply });
            }
            _ => self.note_replies(),
        }
    }

    /// Ends the step with `observation`, which the model reads next.
    pub(crate) fn observe(&mut self, observation: String, error: Option<String>) {
        self.draft.observations.push_str(&observation);
        self.draft.error = error;
        self.keep_draft();
        self.begin_step();
    }

    /// Ends the step whose reply held nothing to do.
    pub(crate) fn observe_no_action(&mut self, advice: &str) {
        let error = match self.draft.reply.stop {
            StopReason::Length => prompt::CUT_OFF,
            _ => advice,
        };
        self.observe(error.to_owned(), Some(error.to_owned()));
    }

    /// An answer: it stands, unless it is to be looked at first.
    pub(crate) fn propose(&mut self, output: Value, text: String) {
        match self.settings.checked {
            true => self.phase = Phase::Check { output, text },
            false => self.finish(RunState::Answered, output, text),
        }
    }

    pub(crate) fn checked(&mut self, verdict: &Result<(), String>) {
        let Phase::Check { output, text } = std::mem::take(&mut self.phase) else { return };
        let Err(why) = verdict else { return self.finish(RunState::Answered, output, text) };
        let told = format!("{}\n{why}", prompt::REFUSED_ANSWER);
        // By the native wire the model reads the reply to its call.
        if let Some(record) =
            self.draft.tool_calls.last_mut().filter(|_| self.strategy == Strategy::ToolCalling)
        {
            record.reply = Some(Err(told.clone()));
        }
        self.observe(told.clone(), Some(told));
    }

    pub(crate) fn finish(&mut self, state: RunState, output: Value, text: String) {
        self.keep_draft();
        let answer = FinalAnswerStep { output: output.clone(), text: text.clone(), error: None };
        self.memory.push(MemoryStep::FinalAnswer(answer));
        (self.phase, self.state, self.output, self.text) = (Phase::Done, state, output, text);
    }

    /// Ends the run with the argument of a `final_answer` tool call.
    pub(crate) fn answer(&mut self, output: Value) {
        let text = display(&output);
        self.propose(output, text);
    }

    pub(crate) fn keep_draft(&mut self) {
        self.memory.push(MemoryStep::Action(std::mem::take(&mut self.draft)));
    }

    pub(crate) fn begin_step(&mut self) {
        self.draft = ActionStep { step_number: self.taken() + 1, ..ActionStep::default() };
        self.phase = Phase::Ask(context::purpose(self));
    }
}
