//! What the model is shown of a run, and what it is asked for: an action, a plan, a summary, a last word.

use crate::{
    event::Purpose,
    memory::{MemoryStep, SummaryStep},
    message::{Message, Role},
    model::{Request, ToolChoice},
    prompt,
    run::{Run, Strategy},
};
use serde::{Deserialize, Serialize};

/// What is done when the context window nears its end. The newest step stays whole, and the run itself forgets nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compaction {
    /// The model sums the earlier steps up, and is shown the summary in their place.
    #[default]
    Summarise,
    /// Earlier steps are left out.
    Drop,
    /// Nothing.
    Off,
}

/// The share of the window that may be full.
const FULL: (u64, u64) = (4, 5);

/// What the model is asked for at the beginning of a step.
pub(crate) fn purpose(run: &Run) -> Purpose {
    let taken = run.taken();
    let last = run.memory.last();
    if taken >= run.settings.max_steps {
        return Purpose::Conclude;
    }
    if run.settings.compaction == Compaction::Summarise && is_full(run) {
        return Purpose::Summarise;
    }
    let interval = run.settings.planning_interval.filter(|interval| *interval > 0);
    let due = interval.is_some_and(|interval| taken.is_multiple_of(interval));
    let planned = matches!(last, Some(MemoryStep::Planning(_)));
    if due && !planned { Purpose::Plan } else { Purpose::Act }
}

/// The window nears its end, and there are steps that could be left out.
fn is_full(run: &Run) -> bool {
    let Some(window) = run.settings.context_window else { return false };
    tokens(run) * FULL.1 >= window * FULL.0 && kept_from(run) > shown_from(run) + 1
}

/// Where the steps begin that a summary made now leaves in view: the newest action.
pub(crate) fn kept_from(run: &Run) -> usize {
    run.memory.iter().rposition(|step| matches!(step, MemoryStep::Action(_))).unwrap_or(0)
}

/// Where the steps begin that are in view.
fn shown_from(run: &Run) -> usize {
    last_summary(run).map_or(run.task_at(), |summary| summary.until)
}

fn last_summary(run: &Run) -> Option<&SummaryStep> {
    run.memory.iter().rev().find_map(|step| match step {
        MemoryStep::Summary(summary) => Some(summary),
        _ => None,
    })
}

/// Tokens of the next request: what the service counted for the last, and a quarter of the letters since.
fn tokens(run: &Run) -> u64 {
    let letters =
        |messages: Vec<Message>| messages.iter().map(|message| message.text().len() as u64).sum::<u64>();
    let own = |step: &MemoryStep| match step {
        MemoryStep::Action(step) => step.reply.usage.unwrap_or_default(),
        step => step.token_usage(),
    };
    let counted = run.memory.iter().rposition(|step| own(step).input_tokens > 0);
    let newer = |from: usize| {
        let steps = run.memory.iter().skip(from);
        steps.map(|step| letters(step.to_messages())).sum::<u64>() / 4
    };
    match counted.and_then(|at| Some((at, run.memory.get(at)?))) {
        Some((at, step)) => {
            let usage = own(step);
            let observed = match step {
                MemoryStep::Action(step) => step.observations.len() as u64 / 4,
                _ => 0,
            };
            usage.input_tokens + usage.output_tokens + observed + newer(at + 1)
        }
        None => newer(0),
    }
}

/// The entries of the memory that the model is shown, in order.
fn view(run: &Run) -> Vec<&MemoryStep> {
    let summary = last_summary(run);
    let (task, until) = (run.task_at(), summary.map_or(0, |summary| summary.until));
    let earliest = earliest_task(run);
    let mut shown = Vec::new();
    for (at, step) in run.memory.iter().enumerate() {
        let is_rule = at == 0 && matches!(step, MemoryStep::System(_));
        if summary.is_some() && at == until {
            shown.extend(run.memory.iter().rev().find(|step| matches!(step, MemoryStep::Summary(_))));
        }
        let hidden = at < until || at < earliest || matches!(step, MemoryStep::Summary(_));
        if is_rule || at == task || !hidden {
            shown.push(step);
        }
    }
    // Without a model to sum them up, the oldest steps go, whole, until the rest fits.
    if let (Compaction::Drop, Some(window)) = (run.settings.compaction, run.settings.context_window) {
        drop_oldest(run, &mut shown, window * FULL.0 / FULL.1);
    }
    shown
}

fn drop_oldest(run: &Run, shown: &mut Vec<&MemoryStep>, limit: u64) {
    let size = |step: &&MemoryStep| {
        step.to_messages().iter().map(|message| message.text().len() as u64 / 4 + 4).sum::<u64>()
    };
    let mut total: u64 = shown.iter().map(size).sum();
    while total > limit {
        let task = run.memory.get(run.task_at());
        let last = shown.len().saturating_sub(1);
        let can_go = |(at, step): (usize, &&MemoryStep)| {
            at > 0 && at < last && task.is_none_or(|task| !std::ptr::eq(task, *step))
        };
        let Some(at) = shown.iter().enumerate().position(can_go) else { return };
        total -= size(&shown.remove(at));
    }
}

/// The first task that `memory_size` leaves in view.
fn earliest_task(run: &Run) -> usize {
    let Some(size) = run.settings.memory_size else { return 0 };
    let tasks = run.memory.iter().enumerate().filter(|(_, step)| matches!(step, MemoryStep::Task(_)));
    let tasks: Vec<usize> = tasks.map(|(at, _)| at).collect();
    tasks.iter().rev().nth(size).copied().unwrap_or(0)
}

/// The request that asks for this.
pub(crate) fn request(run: &Run, purpose: Purpose) -> Request {
    let mut messages: Vec<Message> = view(run).into_iter().flat_map(MemoryStep::to_messages).collect();
    let left = run.settings.max_steps.saturating_sub(run.taken());
    let question = match purpose {
        Purpose::Act => None,
        Purpose::Plan => Some(prompt::plan(run.taken() == 0, left)),
        Purpose::Summarise => Some(prompt::SUMMARISE.to_owned()),
        Purpose::Conclude if run.out_of.is_some() => Some(prompt::OUT_OF_BUDGET.to_owned()),
        Purpose::Conclude => Some(prompt::OUT_OF_STEPS.to_owned()),
    };
    messages.extend(question.map(|text| Message::new(Role::User, text)));
    let mut request = Request::new(messages);
    match purpose {
        Purpose::Act if run.settings.structured => request.schema = Some(prompt::code_schema()),
        Purpose::Act => request.stop = prompt::stop_sequences(run.strategy),
        Purpose::Plan => request.stop = vec![prompt::END_OF_PLAN.to_owned()],
        Purpose::Conclude => request.schema.clone_from(&run.settings.output),
        Purpose::Summarise => {}
    }
    if purpose == Purpose::Act && run.strategy == Strategy::ToolCalling {
        request.tools = run
            .sandbox
            .tools
            .iter()
            .cloned()
            .chain([crate::tool_calling_agent::final_answer_spec()])
            .collect();
        request.tool_choice = ToolChoice::Required;
    }
    request
}

/// The messages that the model was shown before it said what the entry at `at` of the memory holds, made again from the
/// memory as it is now. `None`: the entry is nothing that a model said.
pub(crate) fn shown_before(run: &Run, at: usize) -> Option<Vec<Message>> {
    let purpose = match run.memory.get(at)? {
        MemoryStep::Planning(_) => Purpose::Plan,
        MemoryStep::Summary(_) => Purpose::Summarise,
        MemoryStep::Action(_) if run.is_conclusion(at) => Purpose::Conclude,
        MemoryStep::Action(_) => Purpose::Act,
        _ => return None,
    };
    let before = Run {
        strategy: run.strategy,
        settings: run.settings.clone(),
        memory: run.memory.get(..at)?.to_vec(),
        out_of: run.out_of.clone(),
        ..Run::default()
    };
    Some(request(&before, purpose).messages)
}

/// What can be said without asking the model again: the newest thing it saw or said.
pub(crate) fn best_so_far(run: &Run) -> String {
    let mut texts = run.memory.iter().skip(run.task_at()).rev().filter_map(|step| match step {
        MemoryStep::Action(step) if step.error.is_none() => Some(step.observations.clone()),
        MemoryStep::Action(step) => Some(step.reply.text.clone()),
        MemoryStep::Planning(step) => Some(step.plan.clone()),
        _ => None,
    });
    texts.find(|text| !text.trim().is_empty()).unwrap_or_default()
}
