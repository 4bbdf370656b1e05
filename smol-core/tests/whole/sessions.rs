//! Tasks one after another on one session.

use crate::{
    coder,
    support::{Logged, Script},
};
use futures::executor::block_on;
use smol_core::{event::Failure, gate::Decision, tool::Effect};
use std::sync::Arc;

#[test]
fn a_session_remembers_until_it_is_reset() {
    let model = Script::texts([
        "<code>set a\nanswer 1</code>",
        "<code>show\nanswer 2</code>",
        "<code>show\nanswer 3</code>",
    ]);
    let agent = coder(&model).build().unwrap();
    let mut session = agent.session();
    let mut observe = |reset: bool| {
        if reset {
            session.reset();
        }
        block_on(session.run("go").into_future()).unwrap().steps[0].observations.clone()
    };
    assert_eq!(
        [observe(false), observe(false), observe(true)],
        ["", "Printed output:\n[\"a\"]", "Printed output:\n[]"]
    );
    assert_eq!(model.asked().iter().map(Vec::len).collect::<Vec<_>>(), [2, 5, 2]);
}

/// A new task while a call of the last one waits: that block is given up with its variables, and nothing else.
#[test]
fn a_new_task_gives_up_what_was_under_way() {
    let model =
        Script::texts(["<code>set a</code>", "<code>set b\ncall look</code>", "<code>show\nanswer 2</code>"]);
    let tool = Logged::tool("look", Effect::Writes, &Arc::default());
    let agent = coder(&model).tool(tool).gate(Waits).build().unwrap();
    let mut session = agent.session();
    let error = block_on(session.run("first").into_future()).unwrap_err();
    assert!(matches!(error.failure, Failure::Waiting(_)));
    let result = block_on(session.run("second").into_future()).unwrap();
    assert_eq!(result.steps[0].observations, "Printed output:\n[\"a\"]");
    assert!(model.asked()[2].iter().any(|text| text.contains("This step was interrupted")));
}

struct Waits;

#[async_trait::async_trait]
impl smol_core::gate::Gate for Waits {
    async fn decide(&self, _: smol_core::gate::Ask<'_>) -> Option<Decision> {
        Some(Decision::Wait)
    }
}
