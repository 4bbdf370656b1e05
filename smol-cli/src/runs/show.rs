//! `smolagent runs show`: a run printed as it was, from its events.

use crate::{
    arguments::Output,
    exit,
    recording::agent_of,
    run::{Shown, print_message},
};
use smolagents::{
    Event, Run,
    message::Message,
    model::{Delta, Reply},
    run::Next,
    runs::RunFile,
};
use std::collections::HashMap;

pub fn show(file: &RunFile, detailed: bool) -> anyhow::Result<u8> {
    print(file, file.events.len(), detailed);
    Ok(exit::ANSWERED)
}

/// Prints what the first `count` events printed, in as many words as then. In detail: with every message that the model
/// was shown, but none twice that stands where it stood before.
pub fn print(file: &RunFile, count: usize, detailed: bool) {
    let verbosity = agent_of(&file.header).map_or(1, |agent| agent.verbosity.max(1));
    let mut shown = Shown::new(Output::Text, if detailed { 1 } else { verbosity });
    let (mut run, mut known, mut streamed) = (Run::default(), HashMap::new(), false);
    for event in file.events.iter().take(count) {
        match event {
            Event::Said { reply, .. } if !streamed => {
                deltas(reply).into_iter().for_each(|delta| shown.event(&Event::Delta(delta)));
            }
            _ => {}
        }
        streamed = matches!(event, Event::Delta(_)) || (streamed && !matches!(event, Event::Said { .. }));
        run.apply(event);
        if detailed && let Some(Next::Model(_, request)) = asked(&run, event).map(Run::next) {
            let (path, _) = event.leaf();
            news(request.messages, known.entry(path).or_default());
        }
        shown.event(event);
    }
    shown.end_reply();
}

/// A reply in one piece, as a service that does not stream gives it.
fn deltas(reply: &Reply) -> Vec<Delta> {
    let (reasoning, text) = (reply.reasoning.clone(), reply.text.clone());
    let mut deltas = Vec::new();
    deltas.extend((!reasoning.is_empty()).then_some(Delta::Reasoning(reasoning)));
    deltas.extend((!text.is_empty()).then_some(Delta::Text(text)));
    deltas
}

/// The run whose model is asked by this event.
fn asked<'a>(run: &'a Run, event: &Event) -> Option<&'a Run> {
    match event {
        Event::Ask { .. } => Some(run),
        Event::Nested { call, event, .. } => {
            let mut records = run.draft().tool_calls.iter();
            asked(records.rfind(|record| record.call.id == *call)?.run.as_deref()?, event)
        }
        _ => None,
    }
}

/// Prints the messages that are not `known` from the request before.
fn news(messages: Vec<Message>, known: &mut Vec<Message>) {
    let same = messages.iter().zip(&*known).take_while(|(one, other)| one == other).count();
    messages.iter().skip(same).for_each(print_message);
    *known = messages;
}
