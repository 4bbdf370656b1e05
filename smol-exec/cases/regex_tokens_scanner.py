# a tokenizer from alternatives with lastgroup
import re

SPEC = [
    ("NUMBER", r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"),
    ("STRING", r'"(?:\\.|[^"\\])*"'),
    ("NAME", r"[A-Za-z_]\w*"),
    ("OP", r"==|<=|>=|[-+*/=<>(){},;]"),
    ("COMMENT", r"\#[^\n]*"),
    ("NEWLINE", r"\n"),
    ("SKIP", r"[ \t]+"),
    ("BAD", r"."),
]
MASTER = re.compile("|".join(f"(?P<{n}>{p})" for n, p in SPEC))


def tokens(code):
    line, start = 1, 0
    for m in MASTER.finditer(code):
        kind, text = m.lastgroup, m.group()
        if kind == "NEWLINE":
            line, start = line + 1, m.end()
        elif kind == "BAD":
            raise SyntaxError(f"line {line} column {m.start() - start}: {text!r}")
        elif kind not in ("SKIP", "COMMENT"):
            yield kind, text, line, m.start() - start


for token in tokens('x = 3.5e-2 * (y_1 + 4) # sum\nprint("a \\"b\\"");'):
    print(*token)
try:
    list(tokens("ok\n  a ? b"))
except SyntaxError as err:
    print(err.msg)
