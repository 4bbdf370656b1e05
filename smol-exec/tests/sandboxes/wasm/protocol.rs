//! Frames that code forges.

use super::with;
use crate::common::{feed, tool};
use serde_json::json;
use smol_core::exec::{ExecError, Input, Outcome, SandboxSpec};

#[tokio::test]
async fn frames_forged_by_code_lose_the_sandbox() {
    for frame in ["", "{", "null", r#"{"name": 1}"#, r#"{"name": "ask", "arguments": [1]}"#] {
        let spec = SandboxSpec { tools: vec![tool("ask", json!({}))], ..SandboxSpec::default() };
        let mut sandbox = with(smol_exec::Wasm::new(), spec).await;
        let outcome = feed(&mut *sandbox, &format!("import wit_world\nwit_world.call({frame:?})")).await;
        assert!(matches!(outcome, Outcome::Lost { .. }), "{frame}: {outcome:?}");
        let next = sandbox.feed(Input::Code("1".to_owned())).await;
        let gone = |cause: &str| cause == "it is gone, open a new one";
        assert!(matches!(&next, Err(ExecError::Protocol { cause, .. }) if gone(cause)), "{next:?}");
    }
}
