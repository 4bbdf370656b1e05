//! Runs that fail, wait, are carried on or are not read to their end, and collectors that fail.

use crate::{
    answer, ask,
    collector::{Collector, tree},
    manager,
    peers::Temperature,
    read_to_end,
};
use futures::{StreamExt, TryStreamExt};
use smolagents::{
    Decision, Event, Failure, Gate, Live, RunError, gate,
    models::scripted::{FunctionModel, ScriptedModel, calls},
    otel::{Error, Exporter},
    prelude::*,
};
use std::sync::atomic::{AtomicBool, Ordering};

struct Waits;

#[async_trait::async_trait]
impl Gate for Waits {
    async fn decide(&self, _: gate::Ask<'_>) -> Option<Decision> {
        Some(Decision::Wait)
    }
}

#[tokio::test]
async fn a_failure_is_the_status_of_all_that_it_ended() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let agent = ToolCallingAgent::builder(ScriptedModel::new([])).build().unwrap();
    let ended: Result<Vec<Event>, RunError> = exporter.watch(agent.run("go").stream()).try_collect().await;
    assert!(matches!(ended.unwrap_err().failure, Failure::Model(_)));
    exporter.flush().await.unwrap();
    insta::assert_snapshot!(tree(&collector.spans()), @r"
    AGENT ToolCallingAgent.run: request 1 came, but the script has 0 replies
      CHAIN Step 1: request 1 came, but the script has 0 replies
        LLM test/scripted.generate: request 1 came, but the script has 0 replies
    ");
}

#[tokio::test]
async fn a_question_asked_again_is_another_span() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let failed = AtomicBool::new(false);
    let model = FunctionModel::with(move |_| {
        let again = failed.swap(true, Ordering::Relaxed);
        let down = || smolagents::model::ModelError::Other("down".into());
        std::future::ready(if again { Ok(answer("up")) } else { Err(down()) })
    });
    let agent = ToolCallingAgent::builder(model).build().unwrap();
    read_to_end(exporter.watch(agent.run("go").retries(1).stream())).await;
    exporter.flush().await.unwrap();
    insta::assert_snapshot!(tree(&collector.spans()), @r"
    AGENT ToolCallingAgent.run: ok
      CHAIN Step 1: ok
        LLM test/function.generate: the model gave no reply
        LLM test/function.generate: ok
    ");
}

#[tokio::test]
async fn a_run_that_waits_is_well_and_is_carried_on_in_a_trace_of_its_own() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let model = ScriptedModel::new([calls([ask("Rome")]), answer("warm")]);
    let agent = ToolCallingAgent::builder(model).tool(Temperature).gate(Waits).build().unwrap();
    let ended: Result<Vec<Event>, RunError> = exporter.watch(agent.run("go").stream()).try_collect().await;
    let mut run = *ended.unwrap_err().run.unwrap();
    run.decide("call_0", Decision::Approve);
    let (before, mut live) = (run.clone(), Live::default());
    let rest = agent.drive(&mut run, &mut live).map_err(RunError::from);
    read_to_end(exporter.watch_after(before, rest)).await;
    exporter.flush().await.unwrap();
    let spans = collector.spans();
    insta::assert_snapshot!(tree(&spans), @r"
    AGENT ToolCallingAgent.run: unset
      CHAIN Step 1: unset
        LLM test/scripted.generate: ok
    AGENT ToolCallingAgent.run: ok
      CHAIN Step 1: ok
        TOOL temperature: ok
      CHAIN Step 2: ok
        LLM test/scripted.generate: ok
    ");
    let decided = spans.iter().flat_map(|span| &span.events).map(|event| event.name.as_str());
    assert_eq!(decided.collect::<Vec<_>>(), ["tool_call.decided"]);
}

#[tokio::test]
async fn what_was_under_way_when_nobody_read_on_has_ended() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let agent = manager();
    let mut events = exporter.watch(agent.run("Which city is warmer?").stream());
    while let Some(event) = events.next().await {
        if matches!(event.unwrap().leaf(), ("manager/researcher", Event::Ask { .. })) {
            break;
        }
    }
    drop(events);
    exporter.flush().await.unwrap();
    let tree = tree(&collector.spans());
    let unset: Vec<&str> = tree.lines().map(str::trim).filter(|line| line.ends_with(": unset")).collect();
    assert_eq!(
        unset,
        [
            "AGENT manager.run: unset",
            "CHAIN Step 3: unset",
            "TOOL researcher: unset",
            "AGENT researcher.run: unset",
            "CHAIN Step 1: unset",
            "LLM test/scripted.generate: unset",
        ],
        "{tree}"
    );
}

#[tokio::test]
async fn a_managed_agent_carried_on_stands_under_its_call_again() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let agent = manager();
    let (mut run, mut live) = (agent.run("Which city is warmer?").start().unwrap(), Live::default());
    let mut events = agent.drive(&mut run, &mut live);
    while let Some(event) = events.next().await {
        // Its question was answered, and it has not reported yet.
        if matches!(event.unwrap().leaf(), ("manager/researcher", Event::Said { .. })) {
            break;
        }
    }
    drop(events);
    let (before, mut live) = (run.clone(), Live::default());
    let rest = agent.drive(&mut run, &mut live).map_err(RunError::from);
    read_to_end(exporter.watch_after(before, rest)).await;
    exporter.flush().await.unwrap();
    insta::assert_snapshot!(tree(&collector.spans()), @r"
    AGENT manager.run: ok
      CHAIN Step 3: ok
        TOOL researcher: ok
          AGENT researcher.run: ok
      CHAIN Step 4: ok
        LLM test/scripted.generate: ok
    ");
}

#[tokio::test]
async fn a_collector_that_refuses_is_an_error_and_the_run_goes_on() {
    let collector = Collector::start(400).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let agent = manager();
    let events = read_to_end(exporter.watch(agent.run("Which city is warmer?").stream())).await;
    assert!(matches!(events.last(), Some(Event::Done(result)) if result.text == "Rome"));
    let error = exporter.flush().await.unwrap_err();
    assert!(matches!(&error, Error::Send { cause } if cause.contains("400")), "{error}");
    let error = Exporter::otlp("nowhere at all").unwrap_err();
    assert!(matches!(&error, Error::Setup { cause } if cause.contains("nowhere at all")), "{error}");
}
