//! Tools that hang, panic, or give what nobody can use. The model reads what happened, and the run goes on.

use crate::{coder, run, support::Script};
use serde_json::{Value, json};
use smol_core::{
    attempt::MAX_RESULT_BYTES,
    final_answer_spec,
    result::RunState,
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::time::Duration;

/// Does what it is asked, and says that it gives a whole number.
struct Unruly(ToolSpec);

impl Unruly {
    fn tool(effect: Effect) -> Self {
        let input = json!({"type": "object", "properties": {"how": {"type": "string"}}});
        let output = json!({"type": "integer"});
        Self(ToolSpec { input, output, effect, ..ToolSpec::new("unruly", "Misbehaves.") })
    }
}

#[async_trait::async_trait]
impl Tool for Unruly {
    fn spec(&self) -> &ToolSpec {
        &self.0
    }

    fn time_limit(&self) -> Option<Duration> {
        Some(Duration::from_millis(20))
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        match arguments["how"].as_str().unwrap() {
            "hang" => std::future::pending().await,
            "panic" => panic!("out of luck"),
            "long panic" => panic!("{}", "x".repeat(1_000_000)),
            "100 MB" => Ok(json!("x".repeat(100_000_000))),
            "numbers" => Ok(Value::Array(vec![json!(1); MAX_RESULT_BYTES / 8 + 1])),
            "wrong type" => Ok(json!({"of": "something"})),
            "wrong and long" => Ok(json!("y".repeat(10_000))),
            "long error" => Err(ToolError("z".repeat(1_000_000))),
            _ => Ok(json!(3)),
        }
    }
}

#[test]
fn a_tool_that_misbehaves_is_told_of_and_the_run_goes_on() {
    let check = |how: &str, effect: Effect, expected: &str| {
        let code =
            format!("<code>\nask unruly {}\nask unruly {{\"how\": \"\"}}\n</code>", json!({"how": how}));
        let model = Script::texts([code.as_str(), "<code>\nanswer done\n</code>"]);
        let result = run(&coder(&model).tool(Unruly::tool(effect)).build().unwrap());
        let told = &result.steps[0].observations;
        assert!(told.contains(expected) && told.ends_with("\n3"), "{how}: {}", &told[..told.len().min(600)]);
        assert!(told.len() < 12_000, "{how}: {}", told.len());
        assert_eq!((result.state, result.text.as_str()), (RunState::Answered, "done"));
    };
    let reads = |how, expected| check(how, Effect::Reads, expected);
    reads("hang", "`unruly` was given up after 20ms, its time limit\n\nhint: ask it for less");
    check("hang", Effect::Writes, "\n\nhint: it may have had its effect all the same");
    reads("panic", "`unruly` crashed: out of luck\n\nhint: try other arguments");
    reads("long panic", "xxx… (cut here)");
    reads(
        "100 MB",
        "`unruly` gave a result of more than 16777216 bytes, the most that is taken\n\nhint: ask",
    );
    reads("numbers", "`unruly` gave a result of more than 16777216 bytes");
    reads(
        "wrong type",
        "`unruly` gave a result that is not of its own schema: {\"of\":\"something\"} is not",
    );
    reads("wrong and long", "yyy… (cut here)");
    reads("long error", "`unruly` failed: zzz");
}

/// As the original's agents are given it.
#[test]
fn the_answer_tool_may_be_given_once_more() {
    struct Answer(ToolSpec);
    #[async_trait::async_trait]
    impl Tool for Answer {
        fn spec(&self) -> &ToolSpec {
            &self.0
        }

        async fn call(&self, _: Value) -> Result<Value, ToolError> {
            Err(ToolError("never called".to_owned()))
        }
    }
    let model = Script::texts(["<code>\nanswer 5\n</code>"]);
    let agent = coder(&model).tool(Answer(final_answer_spec())).build().unwrap();
    assert_eq!(run(&agent).text, "5");
    let other = Answer(ToolSpec { description: "Another.".to_owned(), ..final_answer_spec() });
    let error = coder(&model).tool(other).build().err().unwrap();
    assert!(error.to_string().starts_with("two tools are named `final_answer`"), "{error}");
}
