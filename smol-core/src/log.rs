//! What happens, as `tracing` events of the target `smolagents`: steps at `info`, what they are made of at `debug`,
//! deltas at `trace`. Arguments and replies of tools stay out: they may hold what does not belong into a log.

use crate::{event::Event, memory::MemoryStep};
use tracing::{debug, info, trace, warn};

pub(crate) fn event(agent: &str, event: &Event) {
    match event {
        Event::Begin(_) => info!(target: "smolagents", agent, "run begins"),
        Event::Step(step) => self::step(agent, step),
        Event::Done(result) => info!(target: "smolagents", agent, state = ?result.state, "run is over"),
        Event::OutOfBudget(limit) => warn!(target: "smolagents", agent, "{limit}"),
        Event::VariablesLost => {
            warn!(target: "smolagents", agent, "the variables of earlier blocks are lost")
        }
        Event::Ask { purpose, step, .. } => {
            debug!(target: "smolagents", agent, step, ?purpose, "asks the model")
        }
        Event::Said { seconds, .. } => debug!(target: "smolagents", agent, seconds, "the model replied"),
        Event::Code { code, .. } => debug!(target: "smolagents", agent, lines = code.lines().count(), "code"),
        Event::Executed { seconds, .. } => debug!(target: "smolagents", agent, seconds, "the sandbox worked"),
        Event::ToolCall { call, .. } => debug!(target: "smolagents", agent, tool = call.name, "calls a tool"),
        Event::ToolReply { seconds, reply, .. } => {
            debug!(target: "smolagents", agent, seconds, ok = reply.is_ok(), "a tool replied");
        }
        Event::Delta(_) => trace!(target: "smolagents", agent, "delta"),
        // A managed agent tells of itself.
        _ => {}
    }
}

fn step(agent: &str, step: &MemoryStep) {
    match step {
        MemoryStep::Action(step) => {
            let usage = step.token_usage();
            info!(
                target: "smolagents", agent, step = step.step_number, seconds = step.duration,
                input_tokens = usage.input_tokens, output_tokens = usage.output_tokens, ok = step.success(), "step"
            );
        }
        MemoryStep::Planning(_) => info!(target: "smolagents", agent, "plan"),
        MemoryStep::Summary(_) => info!(target: "smolagents", agent, "earlier steps were summed up"),
        _ => {}
    }
}
