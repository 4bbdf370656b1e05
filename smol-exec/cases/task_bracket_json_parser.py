# a hand written JSON parser compared with the json module
import json
import re


class Parser:
    TOKEN = re.compile(r'\s*([\[\]{}:,]|"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)')

    def __init__(self, text):
        self.text, self.pos = text, 0

    def next(self):
        m = self.TOKEN.match(self.text, self.pos)
        if not m:
            raise ValueError(f"unexpected input at {self.pos}")
        self.pos = m.end()
        return m[1]

    def value(self, token=None):
        token = token or self.next()
        match token:
            case "[":
                return self.series("]", lambda t: self.value(t), list)
            case "{":
                return self.series("}", self.pair, dict)
            case "true" | "false":
                return token == "true"
            case "null":
                return None
            case str() if token[0] == '"':
                return re.sub(r'\\(u[0-9a-f]{4}|.)', self.escape, token[1:-1])
            case str() if token[0] in "-0123456789":
                return float(token) if set(token) & set(".eE") else int(token)
        raise ValueError(f"unexpected {token!r}")

    def escape(self, m):
        return chr(int(m[1][1:], 16)) if m[1][0] == "u" and len(m[1]) > 1 else {"n": "\n", "t": "\t"}.get(m[1], m[1])

    def pair(self, token):
        key = self.value(token)
        if self.next() != ":":
            raise ValueError("missing colon")
        return key, self.value()

    def series(self, end, item, build):
        out, token = [], self.next()
        while token != end:
            out.append(item(token))
            token = self.next()
            if token == ",":
                token = self.next()
            elif token != end:
                raise ValueError(f"expected , or {end}")
        return build(out)


for text in ['{"a": [1, -2.5e3, true, null], "b": {"c": "x\\n\\u00e9\\"q"}}', "[]", '[[], {}, ""]', "3"]:
    mine = Parser(text).value()
    print(mine, mine == json.loads(text))
for bad in ("[1 2]", '{"a" 1}', "[1,", "nope", "]"):
    try:
        Parser(bad).value()
        print("accepted", bad)
    except ValueError as err:
        print(repr(bad), err)
