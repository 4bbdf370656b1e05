//! Any run, cut at any event, saved, loaded and carried on, is the run that was never cut; and its events alone make
//! the same run again.

use crate::support::{Lines, Logged};
use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use futures::{StreamExt, executor::block_on};
use smol_core::{
    CodeAgent, Live,
    agent::Agent,
    budget::Budget,
    event::{Event, Failure},
    gate::Decision,
    hooks::StepKind,
    run::Run,
    tool::Effect,
};
use std::sync::{Arc, Mutex};

/// A run at random: replies, and how the agent is set.
#[derive(Debug, Clone)]
struct Plot {
    replies: Vec<String>,
    inner: Vec<String>,
    planning: Option<u32>,
    budget: Option<u64>,
    checked: bool,
    edits: bool,
}

const LINES: [&str; 9] = [
    "print a",
    "set b",
    "show",
    "call look",
    "ask write {\"n\":2}",
    "raise KeyError",
    "hang",
    "call nothing",
    "ask helper {\"task\":\"help\"}",
];

fn code(random: &mut Unstructured<'_>, lines: &[&str]) -> arbitrary::Result<String> {
    let mut block = vec!["<code>"];
    for _ in 0..random.int_in_range(1..=4)? {
        block.push(random.choose(lines)?);
    }
    if random.ratio(1, 4)? {
        block.push("answer done");
    }
    block.push("</code>");
    Ok(block.join("\n"))
}

fn plot(random: &mut Unstructured<'_>) -> arbitrary::Result<Plot> {
    let mut replies = Vec::new();
    for _ in 0..random.int_in_range(1..=5)? {
        replies.push(if random.ratio(1, 8)? { "no code".to_owned() } else { code(random, &LINES)? });
    }
    let mut inner = Vec::new();
    for _ in 0..random.int_in_range(1..=3)? {
        inner.push(code(random, &LINES[..8])?);
    }
    Ok(Plot {
        replies,
        inner,
        planning: random.ratio(1, 3)?.then_some(2),
        budget: random.ratio(1, 3)?.then_some(4),
        checked: random.ratio(1, 3)?,
        edits: random.ratio(1, 3)?,
    })
}

/// Replies by what it is shown, so that an agent built anew goes on where the old one was.
struct Reader(Vec<String>);

impl smol_core::model::Model for Reader {
    fn stream(
        &self,
        request: smol_core::model::Request,
    ) -> futures::stream::BoxStream<'_, Result<smol_core::model::Delta, smol_core::model::ModelError>> {
        let turns = request.messages.iter().filter(|message| message.text().contains("code")).count();
        let reply = self
            .0
            .get(turns % (self.0.len() + 1))
            .cloned()
            .unwrap_or_else(|| "<code>answer end</code>".into());
        futures::stream::iter([Ok(smol_core::model::Delta::Text(reply))]).boxed()
    }
}

impl Plot {
    fn agent(&self, log: &Arc<Mutex<Vec<String>>>) -> Agent {
        let tools = || {
            [Logged::tool("look", Effect::Reads, &Arc::default()), Logged::tool("write", Effect::Writes, log)]
        };
        let helper = CodeAgent::builder(Reader(self.inner.clone())).executor(Lines::default()).tools(tools());
        let helper = helper.name("helper").max_steps(3).build().unwrap();
        let mut agent =
            CodeAgent::builder(Reader(self.replies.clone())).executor(Lines::default()).tools(tools());
        agent = agent.managed_agent(helper).max_steps(6);
        if let Some(interval) = self.planning {
            agent = agent.planning_interval(interval);
        }
        if let Some(steps) = self.budget {
            agent = agent.budget(Budget { steps: Some(steps), ..Budget::default() });
        }
        if self.checked {
            agent = agent.final_answer_check(
                |_, memory| if memory.len() > 4 { Ok(()) } else { Err("too early".into()) },
            );
        }
        if self.edits {
            agent = agent.on_step(StepKind::Action, |memory| {
                if let Some(smol_core::memory::MemoryStep::Action(step)) = memory.last_mut() {
                    step.observations.push_str(" (seen)");
                }
                Ok(())
            });
        }
        agent.build().unwrap()
    }
}

/// Drives until `cut` events have come; the events, and whether the run is over.
fn drive(agent: &Agent, run: &mut Run, live: &mut Live, cut: usize) -> Result<(Vec<Event>, bool), Failure> {
    block_on(async {
        let mut events = agent.drive(run, live);
        let mut seen = Vec::new();
        while seen.len() < cut {
            match events.next().await {
                Some(event) => seen.push(event?),
                None => return Ok((seen, true)),
            }
        }
        Ok((seen, false))
    })
}

/// What of a run does not depend on the clock, nor on how often a cut call was made.
fn timeless(run: &Run) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(entries) => {
                let of_time = ["duration", "seconds", "timestamp", "clock", "started", "decision", "spent"];
                entries.retain(|key, _| !of_time.contains(&key.as_str()));
                entries.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(run).unwrap();
    strip(&mut value);
    value
}

fn lines(run: &Run) -> Vec<String> {
    let text = serde_json::to_string_pretty(&timeless(run)).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_run_cut_anywhere_and_one_made_from_its_events_are_the_run() {
    arbtest(|random| {
        let plot = plot(random)?;
        let log = Arc::default();
        let agent = plot.agent(&log);
        let mut whole = agent.run("do it").start().unwrap();
        let begun = whole.clone();
        let (events, over) = drive(&agent, &mut whole, &mut Live::default(), usize::MAX).unwrap();
        assert!(over);
        let wrote = log.lock().unwrap().len();

        let mut mirror = Run::default();
        for event in &events {
            let line = serde_json::to_string(event).unwrap();
            mirror.apply(&serde_json::from_str(&line).unwrap());
        }
        assert_eq!(serde_json::to_value(&mirror).unwrap(), serde_json::to_value(&whole).unwrap());

        let cut = random.int_in_range(0..=events.len())?;
        log.lock().unwrap().clear();
        let mut run = begun;
        let _ = drive(&agent, &mut run, &mut Live::default(), cut).unwrap();
        let mut run: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
        let agent = plot.agent(&log);
        for _ in 0..3 {
            match drive(&agent, &mut run, &mut Live::default(), usize::MAX) {
                Ok(_) => break,
                Err(Failure::Waiting(calls)) => {
                    calls.iter().for_each(|call| run.decide(&call.id, Decision::Approve));
                }
                Err(failure) => panic!("{failure}"),
            }
        }
        let (got, expect) = (lines(&run), lines(&whole));
        let differs = got.iter().zip(&expect).find(|(one, other)| one != other);
        assert!(got == expect, "cut after {cut} of {} events: {differs:?} in {plot:#?}", events.len());
        assert_eq!(log.lock().unwrap().len(), wrote);
        Ok(())
    })
    .budget_ms(1_000);
}

#[test]
fn a_run_that_was_never_begun_is_done() {
    let agent = crate::coder(&crate::support::Script::texts([])).build().unwrap();
    let (events, over) = drive(&agent, &mut Run::default(), &mut Live::default(), 9).unwrap();
    assert!(over && matches!(events.as_slice(), [Event::Done(_)]));
}
