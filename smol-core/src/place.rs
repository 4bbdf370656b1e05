//! Where a run stands among others: who is above it, decides with it and pays with it.

use crate::{
    agent::Agent,
    budget::{Limit, Meter},
    event::{Event, Purpose},
    gate::Gate,
    log,
    run::{Next, Run},
};
use std::sync::Arc;

/// The place of a run among those above it.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    /// The agents from the root down.
    pub(crate) path: String,
    pub(crate) gates: Vec<&'a dyn Gate>,
    pub(crate) meters: Vec<Arc<Meter>>,
}

impl<'a> Place<'a> {
    pub(crate) fn root(agent: &'a Agent) -> Self {
        let path = if agent.name.is_empty() { "agent" } else { &agent.name };
        Self { path: path.to_owned(), gates: gates(agent), meters: Vec::new() }
    }

    pub(crate) fn below(mut self, agent: &'a Agent) -> Self {
        self.path = format!("{}/{}", self.path, agent.name);
        self.gates.extend(gates(agent));
        self
    }

    /// Tells the run of it and counts it. A managed agent counts for itself, on the same meters.
    pub(crate) fn happened(&self, run: &mut Run, event: Event) -> Event {
        run.apply(&event);
        log::event(&self.path, &event);
        if !matches!(event, Event::Nested { .. }) {
            self.meters.iter().for_each(|meter| meter.add(&event));
        }
        event
    }

    /// What the budgets say before a run goes on: that one is used up, or that little is left.
    pub(crate) fn bill(&self, run: &Run, next: &Next) -> Option<Event> {
        let begins = match next {
            Next::Model(purpose, _) => *purpose != Purpose::Conclude,
            // What was begun before the run was cut has been paid for.
            Next::Call(records) => records.iter().all(|record| record.timestamp.is_none()),
            _ => false,
        };
        if !begins || run.out_of.is_some() {
            return None;
        }
        let used_up = self.meters.iter().find_map(|meter| meter.exhausted()).map(Event::OutOfBudget);
        let is_news = |limit: &Limit| matches!(next, Next::Model(..)) && !run.told.contains(&limit.name);
        let low = || self.meters.iter().flat_map(|meter| meter.low()).find(is_news).map(Event::Low);
        used_up.or_else(low)
    }
}

fn gates(agent: &Agent) -> Vec<&dyn Gate> {
    agent.gates.iter().map(|gate| &**gate).collect()
}
