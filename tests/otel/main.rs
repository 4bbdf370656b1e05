//! Traces, read back from a collector of our own that speaks the real protocol.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]

mod collector;
mod ends;
mod peers;
mod secrets;

use collector::{Collector, attributes, tree};
use futures::{StreamExt, TryStreamExt, stream};
use peers::{OneCall, Temperature};
use serde_json::{Value, json};
use smolagents::{
    Agent, Event, RunError,
    models::scripted::{ScriptedModel, calls, text},
    otel::Exporter,
    prelude::*,
};

fn answer(answer: &str) -> smolagents::model::Reply {
    calls([("final_answer", json!({ "answer": answer }))])
}

fn ask(city: &str) -> (&'static str, Value) {
    ("temperature", json!({ "city": city }))
}

/// An agent that asks for two cities at once, for one that is not there, and then another agent.
fn manager() -> Agent {
    let researcher = ToolCallingAgent::builder(ScriptedModel::new([answer("It is said to be cold.")]));
    let replies = [
        calls([ask("Oslo"), ask("Rome")]),
        calls([ask("Atlantis")]),
        calls([("researcher", json!({"task": "Is Atlantis cold?"}))]),
        answer("Rome"),
    ];
    ToolCallingAgent::builder(ScriptedModel::new(replies))
        .name("manager")
        .tool(Temperature)
        .managed_agent(researcher.name("researcher").build().unwrap())
        .build()
        .unwrap()
}

async fn read_to_end(events: impl futures::Stream<Item = Result<Event, RunError>>) -> Vec<Event> {
    events.try_collect().await.unwrap()
}

#[tokio::test]
async fn a_run_is_a_tree_of_spans() {
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let agent = manager();
    read_to_end(exporter.watch(agent.run("Which city is warmer?").variable("unit", "C").stream())).await;
    exporter.flush().await.unwrap();
    let spans = collector.spans();
    insta::assert_snapshot!(tree(&spans), @r"
    AGENT manager.run: ok
      CHAIN Step 1: ok
        LLM test/scripted.generate: ok
        TOOL temperature: ok
        TOOL temperature: ok
      CHAIN Step 2: `temperature` failed: no such city
        LLM test/scripted.generate: ok
        TOOL temperature: `temperature` failed: no such city
      CHAIN Step 3: ok
        LLM test/scripted.generate: ok
        TOOL researcher: ok
          AGENT researcher.run: ok
            CHAIN Step 1: ok
              LLM test/scripted.generate: ok
      CHAIN Step 4: ok
        LLM test/scripted.generate: ok
    ");
    let traces: std::collections::BTreeSet<_> = spans.iter().map(|span| &span.trace_id).collect();
    assert_eq!(traces.len(), 1);

    let check = |name: &str, nth: usize, expect: Value| {
        let mut named: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
        named.sort_by_key(|span| span.start_time_unix_nano);
        let found = attributes(named[nth]);
        for (key, value) in expect.as_object().unwrap() {
            assert_eq!(found.get(key), Some(value), "{key} of {name}: {found:#?}");
        }
    };
    check(
        "manager.run",
        0,
        json!({
            "openinference.span.kind": "AGENT",
            "agent.name": "manager",
            "smolagents.task": "Which city is warmer?",
            "smolagents.additional_args": "{\"unit\":\"C\"}",
            "smolagents.max_steps": 10,
            "smolagents.tools_names": ["temperature", "researcher"],
            "input.value": "Which city is warmer?",
            "input.mime_type": "text/plain",
            "output.value": "Rome",
            "output.mime_type": "text/plain",
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "manager",
        }),
    );
    check(
        "Step 1",
        0,
        json!({
            "openinference.span.kind": "CHAIN",
            "input.mime_type": "application/json",
            "output.value": "`temperature` gave:\n3.5\n\n`temperature` gave:\n17.25",
        }),
    );
    check(
        "test/scripted.generate",
        1,
        json!({
            "openinference.span.kind": "LLM",
            "llm.provider": "test",
            "llm.model_name": "scripted",
            "llm.invocation_parameters": "{\"stop\":[\"Observation:\"]}",
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.2.message.role": "assistant",
            "llm.input_messages.2.message.tool_calls.1.tool_call.function.name": "temperature",
            "llm.input_messages.2.message.tool_calls.1.tool_call.function.arguments": "{\"city\":\"Rome\"}",
            "llm.input_messages.4.message.role": "tool",
            "llm.input_messages.4.message.tool_call_id": "call_1",
            "llm.input_messages.4.message.content": "17.25",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.tool_calls.0.tool_call.id": "call_0",
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{\"city\":\"Atlantis\"}",
            "llm.token_count.completion": 1,
            "llm.finish_reason": "tool_calls",
            "output.mime_type": "application/json",
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "test",
            "gen_ai.request.model": "scripted",
            "gen_ai.usage.output_tokens": 1,
            "gen_ai.response.finish_reasons": ["tool_calls"],
        }),
    );
    check(
        "temperature",
        1,
        json!({
            "openinference.span.kind": "TOOL",
            "tool.name": "temperature",
            "tool.description": "Degrees in a city now.",
            "input.value": "{\"city\":\"Rome\"}",
            "output.value": "17.25",
            "output.mime_type": "application/json",
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "temperature",
            "gen_ai.tool.call.id": "call_1",
        }),
    );
    check("researcher.run", 0, json!({"output.value": "It is said to be cold."}));
}

#[tokio::test]
async fn spans_have_the_times_of_a_recorded_run() {
    let model = ScriptedModel::new([text("<code>final_answer(temperature('Rome'))</code>")]);
    let agent = CodeAgent::builder(model).executor(OneCall).tool(Temperature).build().unwrap();
    let mut events: Vec<Event> = read_to_end(agent.run("How warm is it?").stream()).await;
    let mut executions = [0.5, 0.25].into_iter();
    for event in &mut events {
        match event {
            Event::Ask { time, .. } => *time = 100.0,
            Event::Said { seconds, cost, .. } => (*seconds, *cost) = (2.0, 0.125),
            Event::Code { clock, .. } => *clock = 102_500,
            Event::Executed { seconds, .. } => *seconds = executions.next().unwrap(),
            Event::ToolCall { time, .. } => *time = 103.0,
            Event::ToolReply { seconds, .. } => *seconds = 1.5,
            _ => {}
        }
    }
    let collector = Collector::start(200).await;
    let exporter = Exporter::otlp(&collector.url).unwrap();
    let seen = read_to_end(exporter.watch(stream::iter(events.clone()).map(Ok))).await;
    assert_eq!(seen, events);
    exporter.flush().await.unwrap();
    let spans = collector.spans();
    let mut times: Vec<(&str, u64, u64)> = spans
        .iter()
        .map(|span| {
            let milliseconds = |time: u64| time / 1_000_000;
            (
                span.name.as_str(),
                milliseconds(span.start_time_unix_nano),
                milliseconds(span.end_time_unix_nano),
            )
        })
        .collect();
    times.sort();
    assert_eq!(
        times,
        [
            ("CodeAgent.run", 100_000, 104_750),
            ("Step 1", 100_000, 104_750),
            ("temperature", 103_000, 104_500),
            ("test/scripted.generate", 100_000, 102_000),
        ]
    );
    let generate = spans.iter().find(|span| span.name == "test/scripted.generate").unwrap();
    assert_eq!(attributes(generate)["llm.cost.total"], 0.125);
    let step = spans.iter().find(|span| span.name == "Step 1").unwrap();
    assert_eq!(attributes(step)["input.value"], "final_answer(temperature('Rome'))");
}

#[tokio::test]
async fn what_is_hidden_is_not_sent() {
    async fn sent(hide: fn(Exporter) -> Exporter) -> String {
        let collector = Collector::start(200).await;
        let exporter = hide(Exporter::otlp(&collector.url).unwrap());
        let agent = manager();
        read_to_end(exporter.watch(agent.run("Which city is warmer?").variable("unit", "C").stream())).await;
        exporter.flush().await.unwrap();
        format!("{:?}", collector.spans())
    }
    let inputs = ["Which city is warmer?", "Atlantis cold?", "{\\\"unit\\\":"];
    let outputs = ["17.25", "no such city", "It is said"];
    let found =
        |text: &str, words: &[&str]| -> Vec<bool> { words.iter().map(|word| text.contains(word)).collect() };
    let all = sent(|exporter| exporter).await;
    assert_eq!((found(&all, &inputs), found(&all, &outputs)), (vec![true; 3], vec![true; 3]));
    let none = sent(|exporter| exporter.hide_inputs().hide_outputs()).await;
    assert_eq!((found(&none, &inputs), found(&none, &outputs)), (vec![false; 3], vec![false; 3]), "{none}");
    assert!(none.contains("__REDACTED__") && none.contains("llm.token_count.total"));
    // What was said in a step is an input of the next, but what went in stays in.
    let outputs_only = sent(Exporter::hide_inputs).await;
    assert_eq!(found(&outputs_only, &["Which city is warmer?", "{\\\"unit\\\":"]), [false; 2]);
    assert_eq!(found(&outputs_only, &outputs), [true; 3]);
}
