//! Names that nothing can have bound.

use super::inspect;

const TOOLS: &str = " (tools: `web_search`, `visit`, `send`, `log`, `store`, `now`, `final_answer`)";

/// `expect` is the one fault without the list of tools; empty: no fault.
#[track_caller]
fn check_after(earlier: &[&str], code: &str, expect: &str) {
    let expect = if expect.is_empty() { vec![] } else { vec![format!("{expect}{TOOLS}")] };
    assert_eq!(inspect(code, earlier).faults, expect, "{earlier:?}\n{code}");
}

#[track_caller]
fn check(code: &str, expect: &str) {
    check_after(&[], code, expect);
}

#[test]
fn a_name_that_nothing_binds_is_told_with_its_line() {
    check("foo(1)", "`foo` on line 1 is not defined: import or define it first");
    check("x = 1\n\nprint(sqrt(x))\nsqrt(2)", "`sqrt` on line 3 is not defined: import or define it first");
    check("web_serch('a')", "`web_serch` on line 1 is not defined: did you mean `web_search`?");
    check("websearch('a')", "`websearch` on line 1 is not defined: did you mean `web_search`?");
    check("Visit(1)", "`Visit` on line 1 is not defined: did you mean `visit`?");
    check("finalanswer(1)", "`finalanswer` on line 1 is not defined: did you mean `final_answer`?");
    check("pint(1)", "`pint` on line 1 is not defined: did you mean `print`?");
    check("def total(x): pass\ntotals(1)", "`totals` on line 2 is not defined: did you mean `total`?");
    check("page(1)", "`page` on line 1 is not defined: did you mean `pages`?");
    check("@retry\ndef f(): pass", "`retry` on line 1 is not defined: import or define it first");
    check("f'{foo(1)}'", "`foo` on line 1 is not defined: import or define it first");
    check("def main():\n  foo(1)\nmain()", "`foo` on line 2 is not defined: import or define it first");
    check(
        "class A:\n  def run(self): foo(1)\nA().run()",
        "`foo` on line 2 is not defined: import or define it first",
    );
    check(
        "class A:\n  def __init__(self): foo(1)",
        "`foo` on line 2 is not defined: import or define it first",
    );
    check("class A: x = foo(1)", "`foo` on line 1 is not defined: import or define it first");
    check("math.sqrt(sqrt(2))", "`sqrt` on line 1 is not defined: import or define it first");
    check("get_ipython()", "`get_ipython` on line 1 is not defined: import or define it first");
    check("re.compile(foo(1))", "`foo` on line 1 is not defined: import or define it first");
    check_after(&["foo = ("], "foo(1)", "`foo` on line 1 is not defined: import or define it first");
}

#[test]
fn each_name_is_told_once_and_the_tools_once() {
    let faults = inspect("foo(1)\nbar(2)\nfoo(3)", &[]).faults;
    let expect = ["foo` on line 1", "bar` on line 2"]
        .map(|name| format!("`{name} is not defined: import or define it first"));
    assert_eq!(faults, [format!("{}{TOOLS}", expect[0]), expect[1].clone()]);
    let many: String = (0..100).map(|index| format!("unheard_of_{index}()\n")).collect();
    assert_eq!(inspect(&many, &[]).faults.len(), 10);
}

#[test]
fn what_may_be_bound_is_no_fault() {
    for code in [
        "print(len(sorted([sum([1])])))",
        "visit(1); final_answer(given(pages(2)))",
        "raise ToolError('x')",
        "quit(); aiter(1); PythonFinalizationError(); __build_class__(1)",
        "def foo(): pass\nfoo()",
        "foo()\nfoo = 1",
        "def f(foo): foo(1)\nfoo(2)",
        "import foo.bar\nfoo()",
        "import os as foo\nfoo()",
        "from os import path as foo\nfoo()",
        "for foo in []: pass\nfoo()",
        "with given as foo: foo()",
        "try: pass\nexcept KeyError as foo: foo()",
        "match given:\n  case [foo, *bar]: foo(), bar()\n  case {'a': 1, **baz}: baz()",
        "if (foo := given): foo()",
        "[foo() for foo in given]",
        "(lambda foo: foo())(1)",
        "class foo: pass\nfoo()",
        "def f[foo](x): foo()",
        "type foo = int\nfoo()",
        "given.foo(1)\ngiven['foo'](1)\nfoo[1](2)",
        "def later(): foo()",
        "class A:\n  def run(self): foo()",
        "x: foo() = 1\ndef f(a: foo()) -> foo(): pass\ntype X = foo()",
    ] {
        check(code, "");
    }
    check_after(&["def foo(): pass", "x = 1"], "foo()", "");
    check_after(&["def f():\n  foo = 1"], "foo()", "");
    check_after(&["import numpy as foo"], "foo()", "");
}

#[test]
fn where_names_may_be_bound_unseen_there_is_no_fault() {
    for code in [
        "from math import *",
        "exec(given)",
        "x = eval('1')",
        "globals()['foo'] = 1",
        "locals().update(foo=1)",
        "vars()['foo'] = 1",
        "__builtins__.foo = 1",
        "import builtins\nbuiltins.foo = 1",
        "from builtins import print",
        "setattr(given, 'foo', 1)",
        "import sys\nsys.modules['__main__'].foo = 1",
        "import __main__ as m\nm.foo = 1",
        "import sys\nsys._getframe().f_globals['foo'] = 1",
        "exec(compile(given, 'a', 'exec'))",
        "given.__dict__['foo'] = 1",
    ] {
        check(&format!("{code}\nfoo(1)"), "");
        check_after(&[code], "foo(1)", "");
    }
}

#[test]
fn an_error_that_may_be_caught_is_no_fault() {
    let fault = "`foo` on line 2 is not defined: import or define it first";
    #[track_caller]
    fn check_handler(handler: &str, expect: &str) {
        check(&format!("try:\n  foo(1)\n{handler}: pass"), expect);
    }
    check_handler("except", "");
    check_handler("except Exception", "");
    check_handler("except BaseException as e", "");
    check_handler("except NameError", "");
    check_handler("except (ValueError, NameError)", "");
    check_handler("except ValueError: pass\nexcept NameError", "");
    check_handler("except ERRORS", "");
    check_handler("except given()", "");
    check_handler("except* Exception", "");
    check_handler("except ValueError", fault);
    check_handler("except (KeyError, ToolError)", fault);
    check_handler("except requests.HTTPError", fault);
    check_handler("finally", fault);
    check("try: pass\nexcept Exception: foo(1)", fault);
    check(
        "try: pass\nexcept Exception: pass\nelse:\n  foo(1)",
        "`foo` on line 4 is not defined: import or define it first",
    );
    check("try:\n  def f(): foo(1)\n  f()\nexcept Exception: pass", "");
    check("import contextlib\nwith contextlib.suppress(Exception): foo(1)", "");
    check("from contextlib import suppress\nwith suppress(OSError): foo(1)", fault);
    check("with open('a') as f:\n  foo(1)", fault);
}
