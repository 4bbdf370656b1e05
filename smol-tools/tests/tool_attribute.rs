//! `#[tool]` as its users meet it: what the model is told, what a call gives, and what it gives when things go
//! wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_core::{
    attempt::attempt,
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use smol_tools::{FunctionTool, tool};
use std::sync::atomic::{AtomicU32, Ordering};

/// Adds two numbers.
///
/// Use it for sums.
///
/// # Arguments
/// * `a` - the first number
/// * `b` - the second number
#[tool(effect = "pure")]
#[expect(clippy::expect_used, reason = "a panic is what a tool must survive")]
fn add(a: i64, #[default(1)] b: i64) -> i64 {
    a.checked_add(b).expect("the sum is small enough")
}

/// Where something is
#[derive(Deserialize, Serialize, JsonSchema)]
struct Place {
    city: String,
    /// as two letters
    country: Option<String>,
}

/// Tells the weather.
///
/// Args:
///     place (Place): where
///     unit: the unit of temperature
#[tool(name = "get_weather", effect = "reads")]
async fn weather(
    place: Place,
    #[default("celsius")] unit: String,
    /// how many days ahead
    days: Option<u8>,
) -> Result<Vec<String>, std::fmt::Error> {
    tokio::task::yield_now().await;
    if place.city == "Atlantis" {
        return Err(std::fmt::Error);
    }
    Ok((0..=days.unwrap_or(0)).map(|day| format!("{} {day} {unit}", place.city)).collect())
}

/// Counts down, by calling itself.
#[tool]
pub fn countdown(from_number: u8) -> Vec<u8> {
    if from_number == 0 { vec![0] } else { [vec![from_number], countdown(from_number - 1)].concat() }
}

/// Does nothing.
#[tool(effect = "writes")]
fn idle() {}

/// Gives back anything.
#[tool]
fn echo(r#type: Value, mut arguments: Vec<Value>) -> Value {
    arguments.push(r#type);
    arguments.into()
}

/// Reads the post.
#[tool(untrusted, effect = "reads")]
fn read_post() -> String {
    String::new()
}

/// Fails with a cause.
#[tool]
fn fail() -> Result<(), String> {
    Err("the disk is full".to_owned())
}

#[test]
fn the_model_is_told_all_that_the_function_says() {
    let expected = ToolSpec {
        input: json!({
            "type": "object",
            "properties": {
                "a": {"type": "integer", "format": "int64", "description": "the first number"},
                "b": {"type": "integer", "format": "int64", "description": "the second number", "default": 1},
            },
            "required": ["a"],
            "additionalProperties": false,
        }),
        output: json!({"type": "integer", "format": "int64"}),
        effect: Effect::Pure,
        ..ToolSpec::new("add", "Adds two numbers.\n\nUse it for sums.")
    };
    assert_eq!(add.spec(), &expected);
    let expected = ToolSpec {
        input: json!({
            "type": "object",
            "properties": {
                "place": {
                    "type": "object",
                    "properties": {
                        "city": {"type": "string"},
                        "country": {"type": ["string", "null"], "description": "as two letters"},
                    },
                    "required": ["city"],
                    "description": "where",
                },
                "unit": {"type": "string", "description": "the unit of temperature", "default": "celsius"},
                "days": {
                    "type": ["integer", "null"], "format": "uint8", "minimum": 0, "maximum": 255,
                    "description": "how many days ahead", "default": null,
                },
            },
            "required": ["place"],
            "additionalProperties": false,
        }),
        output: json!({"type": "array", "items": {"type": "string"}}),
        effect: Effect::Reads,
        ..ToolSpec::new("get_weather", "Tells the weather.")
    };
    assert_eq!(weather.spec(), &expected);
    assert_eq!(
        weather.spec().input.to_string(),
        expected.input.to_string(),
        "the order is that of the function"
    );
    assert_eq!((idle.spec().effect, &idle.spec().output), (Effect::Writes, &json!({"type": "null"})));
    assert_eq!((echo.spec().effect, &echo.spec().output), (Effect::Reads, &json!({})));
    assert_eq!(echo.spec().input["properties"]["type"], json!({}));
    assert_eq!((read_post.spec().effect, read_post.spec().untrusted), (Effect::Reads, true));
    assert!(!echo.spec().untrusted);
}

#[tokio::test]
async fn a_call_runs_the_function() {
    async fn check(tool: &dyn Tool, arguments: Value, expected: Result<Value, &str>) {
        let expected = expected.map_err(|error| ToolError(error.to_owned()));
        assert_eq!(tool.call(arguments).await, expected);
    }
    check(&add, json!({"a": 2, "b": 3}), Ok(json!(5))).await;
    check(&add, json!({"a": 2}), Ok(json!(3))).await;
    check(&add, json!({"b": 2}), Err("the argument `a` is missing")).await;
    check(&add, json!({"a": 2, "c": 2}), Err("there is no argument `c`")).await;
    let wrong = "the argument `a` is wrong: invalid type: string \"2\", expected i64";
    check(&add, json!({"a": "2"}), Err(wrong)).await;
    check(&add, json!([1]), Err("the arguments must be an object of names and values, not `[1]`")).await;
    check(&add, json!({"a": i64::MAX}), Err("the tool `add` panicked: the sum is small enough")).await;
    check(&weather, json!({"place": {"city": "Bern"}}), Ok(json!(["Bern 0 celsius"]))).await;
    let all = json!({"place": {"city": "Bern"}, "unit": "kelvin", "days": 1});
    check(&weather, all, Ok(json!(["Bern 0 kelvin", "Bern 1 kelvin"]))).await;
    let nowhere = "an error occurred when formatting an argument";
    check(&weather, json!({"place": {"city": "Atlantis"}}), Err(nowhere)).await;
    check(&countdown, json!({"from_number": 2}), Ok(json!([2, 1, 0]))).await;
    check(&idle, json!({}), Ok(Value::Null)).await;
    check(&echo, json!({"type": 1, "arguments": [null]}), Ok(json!([null, 1]))).await;
    check(&fail, json!({}), Err("the disk is full")).await;
}

#[tokio::test]
async fn it_is_still_a_function() {
    assert_eq!(add(2, 3), 5);
    assert_eq!(countdown(1), [1, 0]);
    let bern = Place { city: "Bern".to_owned(), country: None };
    assert_eq!(weather(bern, "kelvin".to_owned(), None).await.unwrap(), ["Bern 0 kelvin"]);
}

#[tokio::test]
async fn a_closure_with_a_spec_is_a_tool() {
    let secret = "s3cret".to_owned();
    let tool = FunctionTool::new(ToolSpec::new("ask", "Asks"), move |arguments: Value| {
        let answer = json!([secret, arguments["question"]]);
        async move { if arguments["question"].is_null() { panic!("no question") } else { Ok(answer) } }
    });
    assert_eq!(tool.spec().name, "ask");
    assert_eq!(tool.call(json!({"question": 1})).await, Ok(json!(["s3cret", 1])));
    assert_eq!(tool.call(json!({})).await, Err(ToolError("the tool `ask` panicked: no question".to_owned())));
    let at_once =
        FunctionTool::new(ToolSpec::new("ask", "Asks"), |_| -> std::future::Ready<_> { panic!("at once") });
    assert_eq!(at_once.call(json!({})).await, Err(ToolError("the tool `ask` panicked: at once".to_owned())));
}

static PRICED: AtomicU32 = AtomicU32::new(0);

/// Tells the price of a share.
#[tool(effect = "reads", timeout = "50ms", cache = 128)]
fn get_stock_price(ticker: String) -> Result<f64, String> {
    match ticker.as_str() {
        "HANG" => loop {
            std::thread::park();
        },
        "" => Err("no ticker".to_owned()),
        _ => Ok(f64::from(PRICED.fetch_add(1, Ordering::SeqCst))),
    }
}

/// Never answers.
#[tool(timeout = "1ms", effect = "writes")]
async fn hang() {
    std::future::pending().await
}

/// Tells on which thread it runs.
#[tool(effect = "pure")]
fn pure_thread() -> String {
    format!("{:?}", std::thread::current().id())
}

/// Tells on which thread it runs, and whether the runtime is there.
#[tool]
fn reading_thread() -> (String, bool) {
    (format!("{:?}", std::thread::current().id()), tokio::runtime::Handle::try_current().is_ok())
}

#[tokio::test]
async fn results_are_kept_and_time_is_short() {
    async fn check(tool: &dyn Tool, arguments: Value, expected: Result<Value, &str>) {
        let reply = attempt(tool, arguments).await.map_err(|ToolError(error)| error);
        assert_eq!(reply, expected.map_err(str::to_owned));
    }
    check(&get_stock_price, json!({"ticker": "AAPL"}), Ok(json!(0.0))).await;
    check(&get_stock_price, json!({"ticker": "AAPL"}), Ok(json!(0.0))).await;
    check(&get_stock_price, json!({"ticker": "MSFT"}), Ok(json!(1.0))).await;
    check(&get_stock_price, json!({"ticker": ""}), Err("`get_stock_price` failed: no ticker")).await;
    let slow = "`get_stock_price` was given up after 50ms, its time limit\n\nhint: ask it for less, or go another way";
    check(&get_stock_price, json!({"ticker": "HANG"}), Err(slow)).await;
    check(&get_stock_price, json!({"ticker": "AAPL"}), Ok(json!(0.0))).await;
    let slow = "`hang` was given up after 1ms, its time limit\n\nhint: it may have had its effect all the same: look before you try again";
    check(&hang, json!({}), Err(slow)).await;
}

/// What waits must not hold up the others of its thread, and what computes needs no other one.
#[tokio::test]
async fn only_what_may_wait_gets_a_thread_of_its_own() {
    let here = json!(format!("{:?}", std::thread::current().id()));
    assert_eq!(pure_thread.call(json!({})).await.unwrap(), here);
    let elsewhere = reading_thread.call(json!({})).await.unwrap();
    assert!(elsewhere[0] != here && elsewhere[1] == true, "{elsewhere}");
}

#[tokio::test]
async fn a_closure_is_described_by_its_types() {
    #[derive(Deserialize, JsonSchema)]
    struct Ask {
        /// in words
        question: String,
        #[serde(default)]
        times: u8,
    }
    let answer = |Ask { question, times }| async move {
        if question.is_empty() { Err("no question") } else { Ok(vec![question; times.into()]) }
    };
    let tool = FunctionTool::typed("ask", "Asks.", answer).effect(Effect::Pure).untrusted().cached(2);
    let expected = ToolSpec {
        input: json!({
            "type": "object",
            "properties": {
                "question": {"type": "string", "description": "in words"},
                "times": {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255, "default": 0},
            },
            "required": ["question"],
            "additionalProperties": false,
        }),
        output: json!({"type": "array", "items": {"type": "string"}}),
        effect: Effect::Pure,
        untrusted: true,
        ..ToolSpec::new("ask", "Asks.")
    };
    assert_eq!(tool.spec(), &expected);
    assert_eq!(tool.call(json!({"question": "why", "times": 2})).await, Ok(json!(["why", "why"])));
    assert_eq!(tool.call(json!({"question": ""})).await, Err(ToolError("no question".to_owned())));
    let wrong = "the arguments are wrong: missing field `question`";
    assert_eq!(tool.call(json!({})).await, Err(ToolError(wrong.to_owned())));
}
