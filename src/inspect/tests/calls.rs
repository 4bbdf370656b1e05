//! Which tools code names.

use super::inspect;
use crate::{Effect, inspect::PossibleCall};

/// `expect` is each tool with its lines, as in `web_search 1 3, visit 2`.
#[track_caller]
fn check(code: &str, expect: &str) {
    let text = |call: &PossibleCall| {
        let lines: Vec<String> = call.lines.iter().map(u32::to_string).collect();
        format!("{} {}", call.tool, lines.join(" "))
    };
    let found = inspect(code, &[]).calls.iter().map(text).collect::<Vec<_>>().join(", ");
    assert_eq!(found, expect, "{code}");
}

#[test]
fn a_tool_is_found_wherever_an_expression_can_stand() {
    check("", "");
    check("print('web_search')  # web_search()", "");
    check("web_search('a')", "web_search 1");
    check("visit(1)\nweb_search('a')\nvisit(2); visit(3)", "visit 1 3, web_search 2");
    check("\r\nvisit(1)\r\n\rvisit(2)", "visit 2 4");
    check("x = visit(web_search('a')[0])", "visit 1, web_search 1");
    check("(\n  visit\n)(1)", "visit 2");
    check("list(map(web_search, ['a']))", "web_search 1");
    check("search = web_search\nsearch('a')", "web_search 1");
    check("tools = {'search': web_search, 'visit': visit}", "web_search 1, visit 1");
    check("if (page := visit(1)): pass", "visit 1");
    check("[visit(u) for u in web_search('a') if now()]", "visit 1, web_search 1, now 1");
    check("{u: visit(u) for u in pages}", "visit 1");
    check("{visit(u) for u in pages}", "visit 1");
    check("any(visit(u) for u in pages)", "visit 1");
    check("[y for x in pages for y in visit(x)]", "visit 1");
    check("f = lambda u: visit(u)", "visit 1");
    check("f = lambda u=visit(1): u", "visit 1");
    check("def f(search=web_search): return search('a')", "web_search 1");
    check("def f(*, at=now()): return at", "now 1");
    check("def f():\n  def g():\n    return visit(1)\n  return g", "visit 3");
    check("class A:\n  page = visit(1)\n  def get(self): return web_search('a')", "visit 2, web_search 3");
    check("class A(visit(1)): pass", "visit 1");
    check("@visit\ndef f(): pass", "visit 1");
    check("@cache(now())\ndef f(): pass", "now 1");
    check("match visit(1):\n  case [x, *_] if now(): log(x)\n  case _: visit(2)", "visit 1 3, now 2, log 2");
    check("f'{visit(1)!r:>{now()}}' 'visit'", "visit 1, now 1");
    check("t'{visit(1)}'", "visit 1");
    check("f'''a\n{f'{visit(1)}'}'''", "visit 2");
    check(
        "async def f():\n  async for x in visit(1): await log(x)\n  async with now() as t: pass",
        "visit 2, log 2, now 3",
    );
    check("print(*visit(1), **now())", "visit 1, now 1");
    check("with visit(1) as page: pass", "visit 1");
    check(
        "try: visit(1)\nexcept now(): log(1)\nelse: web_search('a')\nfinally: send(1, 2)",
        "visit 1, now 2, log 2, web_search 3, send 4",
    );
    check("for x in visit(1): pass\nelse: now()\nwhile now(): log(1)", "visit 1, now 2 3, log 3");
    check("raise visit(1) from now()\nassert now(), log(1)\ndel pages[now()]", "visit 1, now 1 2 3, log 2");
    check("x: visit = 1\ntype A = now\ndef f[T: log](x: visit) -> now: pass", "visit 1 3, now 2 3, log 3");
    check("functools.partial(visit, 1)()\nvisit.__doc__", "visit 1 2");
    check("ｖｉｓｉｔ(1)", "visit 1");
    check("final_answer(visit(1))", "visit 1");
}

#[test]
fn another_thing_of_that_name_is_no_tool() {
    check("x.visit(1)\nself.web_search('a')", "");
    check("log(visit=1)", "log 1");
    check("import visit\nvisit(1)", "");
    check("import visit.now as v, log.now\nvisit(1), now(1), log(1)", "visit 2, now 2");
    check("from tools import visit as now, log\nvisit(1), now(), log(1)", "visit 2");
    check("visit(1)\nvisit = 3\nvisit(2)", "visit 1");
    check("visit, (*now, log[1]) = pages\nvisit(1), now(), log(1)", "log 1 2");
    check("visit: int = 3\nlog: int\nvisit(1), log(1)", "log 3");
    check("def visit(u): return visit(u - 1)\nvisit(1)", "visit 1");
    check("class visit: pass\nvisit(1)", "");
    check("type visit = int\nvisit(1)", "");
    check("visit = 1\ndel visit\nvisit(1)", "visit 3");
    check("def f(visit, *now, log, **store): visit(1), now(), log(1), store(1), send(1, 2)", "send 1");
    check("lambda visit: visit(1)", "");
    check("def f():\n  visit(1)\n  visit = 2", "");
    check("def f():\n  for visit in pages: visit(1)\n  with now() as log: log(1)", "now 3");
    check("def f():\n  import visit\n  def g(): return visit(1)\n  return g", "");
    check("def f():\n  try: pass\n  except Exception as visit: visit(1)", "");
    check(
        "def f(x):\n  match x:\n    case {'a': visit, **now}: visit(1), now()\n    case [*log] | (1 as log): log(1)",
        "",
    );
    check("def f[visit](x): return visit(x)", "");
    check("def f():\n  if (visit := 1): visit(1)\n  [now := 1 for x in pages]\n  now()", "");
    check("[visit(1) for visit in pages]\nvisit(2)", "visit 2");
    check("[x for x in visit(1) for visit in pages]", "visit 1");
    check("class A:\n  visit = 1\n  x = visit\n  def f(self): return visit(1)", "visit 4");
    check("class A:\n  visit = [1]\n  x = [visit(y) for y in visit]", "visit 3");
}

#[test]
fn in_doubt_it_is_the_tool() {
    check("if given: visit = 3\nvisit(1)", "visit 2");
    check("for visit in pages: pass\nvisit(1)", "visit 2");
    check("try: import visit\nexcept ImportError: pass\nvisit(1)", "visit 3");
    check("x = given and (visit := 1)\nvisit(1)", "visit 2");
    check("def f(): visit(1)\nvisit = 2\nf()", "visit 1");
    check("visit = 2\ndef f(): visit(1)\nf()", "");
    check("def f():\n  global visit\n  visit = 1\n  visit(1)", "visit 4");
    check("def f(visit):\n  def g():\n    global visit\n    visit(1)", "visit 4");
    check("def f(visit):\n  def g():\n    nonlocal visit\n    visit = visit(1)", "");
    check("def f():\n  [0 for visit in pages]\n  (lambda now: 1)(visit(1))\n  now()", "visit 3, now 4");
    check("globals()['visit'](1)", "visit 1");
    check("exec('x = web_search(1)\\nnow()')", "web_search 1, now 1");
    check("eval(f'visit({given})')", "visit 1");
    check("import __main__\n__main__.visit(1)", "visit 2");
}

#[test]
fn a_call_says_what_the_tool_does_to_the_world() {
    let calls = inspect("send(1, 2)\nsend(1, 2)", &[]).calls;
    assert_eq!(calls, [PossibleCall { tool: "send".to_owned(), effect: Effect::Writes, lines: vec![1, 2] }]);
}

#[test]
fn code_that_does_not_parse_has_no_calls() {
    for code in [
        "visit(",
        "visit(1) web_search('a')",
        "def visit:",
        "visit(a b)",
        "'",
        "\t\n  visit(1)\n visit(2)",
        "!visit",
    ] {
        check(code, "");
    }
}
