//! Plans: when they are made, what they are made of, and that a callback may edit one before it is used.

use crate::{coder, events, run, support::Script};
use futures::{StreamExt, executor::block_on};
use smol_core::{
    Live,
    event::{Event, Purpose},
    hooks::StepKind,
    memory::MemoryStep,
};

const REPLIES: [&str; 5] =
    ["1. look", "<code>print a</code>", "<code>print b</code>", "2. answer", "<code>answer c</code>"];

#[test]
fn plans_come_before_the_first_step_and_every_so_many() {
    let model = Script::texts(REPLIES);
    let purposes: Vec<Purpose> = events(&coder(&model).planning_interval(2).max_steps(5).build().unwrap())
        .iter()
        .filter_map(|event| match event {
            Event::Ask { purpose, .. } => Some(*purpose),
            _ => None,
        })
        .collect();
    let expect = [Purpose::Plan, Purpose::Act, Purpose::Act, Purpose::Plan, Purpose::Act];
    assert_eq!(purposes, expect);
    let asked = model.asked();
    let question = |at: usize| asked[at].last().unwrap();
    assert!(question(0).starts_with("Before you act") && question(0).contains("You have 5 steps left"));
    assert!(question(3).starts_with("Stop and look") && question(3).contains("You have 3 steps left"));
    assert_eq!(asked[1][2..], ["1. look", "Now carry out this plan."]);
    assert_eq!(model.requests.lock().unwrap()[0].stop, ["<end_plan>"]);
}

#[test]
fn a_callback_edits_a_plan_before_it_is_used() {
    let model = Script::texts(REPLIES);
    let agent = coder(&model).planning_interval(9).on_step(StepKind::Planning, |memory| {
        let Some(MemoryStep::Planning(step)) = memory.last_mut() else { return Err("no plan".into()) };
        step.plan.push_str(", but not twice");
        Ok(())
    });
    let agent = agent.max_steps(1).build().unwrap();
    run(&agent);
    assert_eq!(model.asked()[1][2], "1. look, but not twice");
}

/// A callback that errs or panics is noted in the step and ends nothing.
#[test]
fn a_failing_callback_is_recorded() {
    let check = |callback: fn() -> Result<(), String>, expect: &str| {
        let model = Script::texts(["<code>answer x</code>"]);
        let agent = coder(&model).on_step(StepKind::Action, move |_| callback()).build().unwrap();
        let result = run(&agent);
        assert_eq!((result.text.as_str(), result.errors.as_slice()), ("x", &[expect.to_owned()][..]));
    };
    check(|| Err("no disk".into()), "a callback failed: no disk");
    check(|| panic!("oh"), "a callback failed: it panicked");
}

/// Cut between a callback's edit and the word that the step is over, a run does not meet the callback again.
#[test]
fn a_callback_edits_a_step_once() {
    let model = Script::texts(["<code>print a</code>", "<code>answer x</code>"]);
    let agent = coder(&model).on_step(StepKind::Action, |memory| {
        if let Some(MemoryStep::Action(step)) = memory.last_mut() {
            step.observations.push_str(" (seen)");
        }
        Ok(())
    });
    let agent = agent.build().unwrap();
    let mut run = agent.run("do it").start().unwrap();
    block_on(async {
        let mut live = Live::default();
        let mut events = agent.drive(&mut run, &mut live);
        while !matches!(events.next().await.unwrap().unwrap(), Event::Memory(_)) {}
    });
    let result = block_on(agent.resume(run)).unwrap();
    assert_eq!(result.steps[0].observations, "Printed output:\na (seen)");
}
