//! Tools as Python functions.

use super::plain;
use crate::common::{error, feed, feed_with, open, text, tool};
use serde_json::{Value, json};
use smol_core::{
    exec::{Executor, Outcome, Sandbox, SandboxSpec},
    message::ToolCall,
};

async fn sandbox(executor: &dyn Executor) -> Box<dyn Sandbox> {
    let search = tool(
        "search",
        json!({
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What to look for."},
                "count": {"type": "integer", "default": 3},
                "site": {"type": "string"},
            },
            "required": ["query"],
        }),
    );
    let open_tool =
        tool("open_tool", json!({"type": "object", "properties": {"a": {}}, "additionalProperties": true}));
    let awkward = json!({"properties": {"from": {}, "max-results": {}, "2nd": {}}, "required": ["from"]});
    let tools = vec![search, open_tool, tool("now", json!({})), tool("awkward", awkward)];
    open(executor, SandboxSpec { tools, ..SandboxSpec::default() }).await
}

/// A tool that returns what it was given.
fn echo(call: &ToolCall) -> Result<Value, String> {
    Ok(json!([call.name, call.arguments]))
}

pub(super) async fn arguments_are_bound_by_the_schema(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in [
        ("search('a')", "['search', {'query': 'a', 'count': 3}]"),
        ("search('a', 5)", "['search', {'query': 'a', 'count': 5}]"),
        ("search(site='s', query='a')", "['search', {'query': 'a', 'count': 3, 'site': 's'}]"),
        ("search(*['a', 1, 's'])", "['search', {'query': 'a', 'count': 1, 'site': 's'}]"),
        ("now()", "['now', {}]"),
        ("open_tool(1, b=2)", "['open_tool', {'a': 1, 'b': 2}]"),
        ("[search(q)[1]['query'] for q in 'ab']", "['a', 'b']"),
        ("awkward(from_=1, max_results=2)", "['awkward', {'from': 1, 'max-results': 2}]"),
        ("awkward(1, 2, _2nd=3)", "['awkward', {'from': 1, 'max-results': 2, '2nd': 3}]"),
        ("awkward(**{'from': 1})", "['awkward', {'from': 1}]"),
        ("search((1, 2))", "['search', {'query': (1, 2), 'count': 3}]"),
    ] {
        assert_eq!(text(&feed_with(&mut *sandbox, code, echo).await), expected, "{code}");
    }
}

pub(super) async fn wrong_arguments_are_told_in_python(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected) in [
        ("search()", "TypeError: `search` misses the argument `query`: use `search(query, count, site)`"),
        (
            "search(1, 2, 3, 4)",
            "TypeError: `search` takes 3 arguments but 4 were given: use `search(query, count, site)`",
        ),
        ("search('a', q=1)", "TypeError: `search` has no argument `q`: use `search(query, count, site)`"),
        (
            "search('a', query='b')",
            "TypeError: `search` got two values for the argument `query`: use `search(query, count, site)`",
        ),
        (
            "awkward()",
            "TypeError: `awkward` misses the argument `from`: use `awkward(from_, max_results, _2nd)`",
        ),
        ("now(1)", "TypeError: `now` takes 0 arguments but 1 were given: use `now()`"),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        assert_eq!(error(&outcome).lines().last(), Some(expected), "{code}");
    }
}

pub(super) async fn a_tools_error_is_an_exception_that_code_can_catch(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    let fail = |_: &ToolCall| Err("the line is dead".to_owned());
    let raised = feed_with(&mut *sandbox, "now()", fail).await;
    let expected = "Traceback (most recent call last):\n  File \"<block 1>\", line 1, in <module>\n    now()\nToolError: the line is dead";
    assert_eq!(plain(error(&raised)), expected);
    for class in ["ToolError", "RuntimeError", "Exception"] {
        let code = format!("try:\n    now()\nexcept {class} as error:\n    caught = str(error)\ncaught");
        assert_eq!(text(&feed_with(&mut *sandbox, &code, fail).await), "'the line is dead'");
    }
}

pub(super) async fn tools_tell_of_themselves(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    feed(&mut *sandbox, "import inspect").await;
    for (code, expected) in [
        ("search.__name__", "'search'"),
        ("inspect.isfunction(search)", "True"),
        ("str(inspect.signature(search))", "'(query: str, count: int = 3, site: str = None)'"),
        ("search.__doc__.splitlines()[0]", "'The tool search.'"),
        ("'query: What to look for.' in search.__doc__", "True"),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
}

pub(super) async fn a_tools_name_is_not_to_be_rebound(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for code in [
        "search = 1",
        "print('not run')\nsearch = 1",
        "def search(q): pass",
        "class search: pass",
        "import json as search",
        "for search in []: pass",
        "with open('x') as search: pass",
        "[search := 1]",
        "def f():\n    global search\n    search = 1",
        "try: pass\nexcept Exception as search: pass",
        "match 1:\n    case search: pass",
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        let last = error(&outcome).lines().last();
        assert_eq!(
            last,
            Some("SyntaxError: cannot assign to `search`, which is a tool: use another name"),
            "{code}"
        );
        assert!(
            matches!(&outcome, Outcome::Raised { logs, .. } if logs.is_empty()),
            "it was not run: {code}"
        );
    }
    for code in [
        "def f(search):\n    return search\nf(1)",
        "(lambda search: search)(1)",
        "[search for search in [1]][0]",
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), "1", "a name of another scope is free: {code}");
    }
}

pub(super) async fn a_deleted_tool_is_back_in_the_next_block(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    feed(&mut *sandbox, "del now").await;
    assert_eq!(text(&feed_with(&mut *sandbox, "now()", echo).await), "['now', {}]");
}
