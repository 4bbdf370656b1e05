//! Arguments that the tool's stub would refuse.

use super::inspect;
use crate::{
    ToolSpec,
    inspect::{Inspector, PythonInspector, Session},
};
use serde_json::{Value, json};

#[track_caller]
fn check(code: &str, expect: &str) {
    let expect: Vec<&str> = Some(expect).filter(|expect| !expect.is_empty()).into_iter().collect();
    assert_eq!(inspect(code, &[]).faults, expect, "{code}");
}

#[test]
fn a_call_that_the_stub_refuses_is_told_with_its_usage() {
    const SEARCH: &str = ": use `web_search(query, max_results)`";
    check("web_search()", &format!("`web_search` on line 1 misses the argument `query`{SEARCH}"));
    check("web_search('a', q=1)", &format!("`web_search` on line 1 has no argument `q`{SEARCH}"));
    check(
        "x = 1\nweb_search(q='a')",
        &format!("`web_search` on line 2 has no argument `q`, and misses the argument `query`{SEARCH}"),
    );
    check(
        "web_search('a', 1, 2)",
        &format!("`web_search` on line 1 takes 2 arguments but is given 3{SEARCH}"),
    );
    check(
        "web_search('a', query='b')",
        &format!("`web_search` on line 1 gets two values for the argument `query`{SEARCH}"),
    );
    check(
        "web_search('a', 1, max_results=2)",
        &format!("`web_search` on line 1 gets two values for the argument `max_results`{SEARCH}"),
    );
    check(
        "send(text='a')",
        "`send` on line 1 misses the arguments `from_`, `to`: use `send(from_, to, text)`",
    );
    check("send(1, to=2, frm=3)", "`send` on line 1 has no argument `frm`: use `send(from_, to, text)`");
    check("visit(1, 2)", "`visit` on line 1 takes 1 argument but is given 2: use `visit(url)`");
    check("now(1)", "`now` on line 1 takes 0 arguments but is given 1: use `now()`");
    check("log(1, 2)", "`log` on line 1 takes 1 argument but is given 2: use `log(message)`");
    check("store(1, more=2)", "`store` on line 1 has no argument `more`: use `store(key)`");
    check("[visit() for x in pages]", "`visit` on line 1 misses the argument `url`: use `visit(url)`");
    check("def later(): visit()", "`visit` on line 1 misses the argument `url`: use `visit(url)`");
    check(
        "visit(url=1, url=2)",
        "`visit` on line 1 gets two values for the argument `url`: use `visit(url)`",
    );
    check("log(1, a=1, a=2)", "`log` on line 1 gets two values for the argument `a`: use `log(message)`");
    check("visit(*pages, link=1)", "`visit` on line 1 has no argument `link`: use `visit(url)`");
    check(
        "visit(1, *pages, url=2)",
        "`visit` on line 1 gets two values for the argument `url`: use `visit(url)`",
    );
    check("visit(1, 2, **given)", "`visit` on line 1 takes 1 argument but is given 2: use `visit(url)`");
}

#[test]
fn a_call_that_may_work_is_no_fault() {
    for code in [
        "web_search('a')",
        "web_search('a', 1)",
        "web_search(query='a', max_results=1)",
        "web_search(max_results=1, query='a')",
        "send(1, 2)",
        "send(from_=1, to=2)",
        "log()",
        "log(1, level=2, other=3)",
        "store()",
        "now()",
        "web_search(*pages)",
        "web_search(**given)",
        "web_search('a', *pages)",
        "send(1, **given)",
        "map(visit, pages)",
        "visit = given\nvisit()",
        "def f(visit): visit()",
        "if given: visit = log\nvisit()",
        "x.visit()",
        "try: visit()\nexcept TypeError: pass",
        "try: visit()\nexcept: pass",
        "exec(given)\nvisit()",
        "x: visit() = 1",
    ] {
        check(code, "");
    }
    check(
        "try: visit()\nexcept NameError: pass",
        "`visit` on line 1 misses the argument `url`: use `visit(url)`",
    );
}

#[test]
fn faults_come_in_order_of_appearance() {
    let faults = inspect("visit()\nfoo()\nnow(1)\nbar()", &[]).faults;
    let starts: Vec<&str> = faults.iter().filter_map(|fault| fault.split(' ').next()).collect();
    assert_eq!(starts, ["`visit`", "`foo`", "`now`", "`bar`"]);
}

#[test]
fn a_schema_is_read_as_the_stub_reads_it() {
    /// `expect` is the fault after the name and the line.
    #[track_caller]
    fn check(input: Value, code: &str, expect: &str) {
        let tools = [ToolSpec { input, ..ToolSpec::new("f", "A tool.") }];
        let found = PythonInspector.inspect(code, &Session { earlier: &[], variables: &[], tools: &tools });
        let expect =
            Some(expect).filter(|expect| !expect.is_empty()).map(|rest| format!("`f` on line 1 {rest}"));
        assert_eq!((found.calls.len(), found.faults), (1, Vec::from_iter(expect)), "{code}");
    }
    let two_spellings = json!({"properties": {"größe": {}}});
    check(two_spellings.clone(), "f(größe=1, gr__e=2)", "");
    check(two_spellings, "f(1, größe=2)", "gets two values for the argument `größe`: use `f(gr__e)`");
    let same_spelling =
        json!({"properties": {"max-results": {}, "max_results": {}}, "required": ["max-results"]});
    check(same_spelling.clone(), "f(1, max_results=2)", "");
    check(
        same_spelling,
        "f(max_results=2)",
        "misses the argument `max_results`: use `f(max_results, max_results)`",
    );
    let no_parameter = json!({"required": ["a"]});
    check(no_parameter.clone(), "f()", "misses the argument `a`: use `f()`");
    check(no_parameter, "f(a=1)", "has no argument `a`: use `f()`");
    check(json!({"additionalProperties": {"type": "string"}}), "f(a=1)", "");
    check(json!({"additionalProperties": false}), "f(a=1)", "has no argument `a`: use `f()`");
    check(json!({"properties": null}), "f(1)", "takes 0 arguments but is given 1: use `f()`");
    check(json!({"properties": {"a": true}, "required": ["a"]}), "f(a=1)", "");
    for not_made_of_parameters in [json!(true), json!({"properties": []})] {
        check(not_made_of_parameters, "f(1, 2, a=3)", "");
    }
}
