//! What holds of every inspection, on code that is cut anywhere, and on programs that are known to run.

mod inspect_oracle;

use smolagents::inspect::{Inspector, PythonInspector, Session};
use std::{fs, path::Path};

const PROGRAM: &str = r#"
import math as m, os.path
from json import loads
async def run(q: str, *rest, limit=f(1), **more) -> list[g]:
    """Doc é 👍"""
    global total
    async with g() as page, x: await f(page, in_=2)
    return [search(y) async for y in q if (z := y)]
@cache
class A[T](x, metaclass=type):
    items = {k: v for k, v in zip(x, x)}
    def __init__(self): self.go = lambda a, /, b=f(2): undefined(a, b)
try:
    match x:
        case {"a": [1, *tail], **rest} if f(tail): g(rest)
        case A(b=str() | None as c): print(f"{c!r:>{f(3)}} {search('a')=}")
except* (ValueError, NameError) as error:
    raise KeyError from error
else:
    f(1, 2, 3, a=4); f(*x, **x); missing(1)
finally:
    del x[0:1, ...], total
print(not x, -1 ** 2, x if x else x, a := 3, *x)
"#;

#[test]
fn every_part_of_a_program_is_read() {
    for (at, _) in PROGRAM.char_indices() {
        let (head, tail) = PROGRAM.split_at(at);
        inspect_oracle::check(tail, head);
        inspect_oracle::check(head, tail);
        inspect_oracle::check("", &format!("{head}?{tail}"));
    }
}

#[test]
fn programs_that_run_have_no_faults() {
    let mut count = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("smol-exec/cases")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "py") {
            let code = fs::read_to_string(&file).unwrap();
            let found = PythonInspector.inspect(&code, &Session { earlier: &[], variables: &[], tools: &[] });
            assert_eq!(found.faults, Vec::<String>::new(), "{}", file.display());
            inspect_oracle::check("", &code);
            count += 1;
        }
    }
    assert!(count >= 150, "only {count} programs were found");
}
