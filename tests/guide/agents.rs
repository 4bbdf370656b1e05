//! Names, teams and what can be left out.

use crate::common::{agent, run};
use smolagents::{Executor, base_tools, executors::ExecutorKind};
use std::sync::Arc;

#[tokio::test]
async fn s19_any_name_will_do() {
    let rows = [
        ("Financial Analyst Agent", "Financial_Analyst_Agent"),
        ("Production Assistant 2025", "Production_Assistant_2025"),
        ("2nd opinion", "_2nd_opinion"),
    ];
    for (name, called) in rows {
        let member = agent(&["final_answer('from below')"]).name(name).build().unwrap();
        assert_eq!(member.name(), name);
        let manager = agent(&[&format!("final_answer({called}('Work'))")]).managed_agent(member);
        assert_eq!(run(manager).await.output, "from below", "{name}");
    }
}

#[tokio::test]
async fn s20_neither_tools_nor_descriptions_are_needed() {
    assert_eq!(run(agent(&["final_answer(4)"])).await.output, 4);
    let writer = agent(&["final_answer('a summary')"]).name("writer").build().unwrap();
    let result = run(agent(&["final_answer(writer('Summarise'))"]).managed_agent(writer)).await;
    assert_eq!(result.output, "a summary", "{result:#?}");
}

/// An executor by name, base tools, a name, and managed agents that have sandboxes of their own, all together.
#[tokio::test]
async fn s36_sandboxes_tools_and_managed_agents_together() {
    for kind in [ExecutorKind::Wasm, ExecutorKind::Process] {
        match kind.present().await {
            Ok(_) => check_team(kind.executor().unwrap()).await,
            Err(error) => eprintln!("not tested on `{kind}`: {error}"),
        }
    }
}

async fn check_team(executor: Arc<dyn Executor>) {
    let below = agent(&["shared = 'its own'\nfinal_answer(python_interpreter('1 + 1'))"])
        .name("analyst")
        .executor(executor.clone())
        .base_tools(base_tools(&executor))
        .build()
        .unwrap();
    let code = "shared = 'mine'\nreport = analyst('Count')\nfinal_answer([shared, report])";
    let manager = agent(&[code]).name("manager").executor(executor.clone()).base_tools(base_tools(&executor));
    let result = run(manager.managed_agent(below)).await;
    assert_eq!(result.output[0], "mine");
    assert!(result.output[1].as_str().unwrap().ends_with("Output: 2"), "{result:#?}");
}

/// A managed agent's tokens count in the manager's result and on its budget.
#[tokio::test]
async fn s36_what_managed_agents_use_is_counted() {
    let below = agent(&["final_answer('done')"]).name("helper").build().unwrap();
    let manager = agent(&["final_answer(helper('Help'))"]).managed_agent(below).build().unwrap();
    let mut session = manager.session();
    let result = session.run("Delegate").await.unwrap();
    let spent = session.history().unwrap().spent();
    assert_eq!((spent.steps, result.steps[0].tool_calls[0].tool_name.as_str()), (2.0, "helper"));
    let told = result.token_usage.input_tokens + result.token_usage.output_tokens;
    assert!((spent.tokens - f64::from(u32::try_from(told).unwrap())).abs() < 0.5, "{spent:?}");
    assert_eq!(session.history().unwrap().token_usage(), result.token_usage);
}
