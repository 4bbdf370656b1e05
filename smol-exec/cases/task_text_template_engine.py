# a tiny template engine with loops, conditions and filters
import re


def render(template, data):
    parts = re.split(r"(\{\{.*?\}\}|\{%.*?%\})", template)
    filters = {"upper": str.upper, "len": len, "join": ", ".join, "money": lambda v: f"{v:,.2f}"}

    def value(expr, scope):
        name, *pipes = (p.strip() for p in expr.split("|"))
        result = scope
        for key in name.split("."):
            result = result[key] if isinstance(result, dict) else getattr(result, key)
        for pipe in pipes:
            result = filters[pipe](result)
        return result

    def block(i, scope, live):
        out = []
        while i < len(parts):
            part = parts[i]
            i += 1
            if part.startswith("{{"):
                if live:
                    out.append(str(value(part[2:-2], scope)))
            elif part.startswith("{%"):
                word, *rest = part[2:-2].split()
                if word == "end":
                    break
                if word == "if":
                    text, i = block(i, scope, live and bool(value(rest[0], scope)))
                    out.append(text)
                elif word == "for":
                    start = i
                    items = value(rest[2], scope) if live else []
                    for item in items:
                        text, i = block(start, {**scope, rest[0]: item}, True)
                        out.append(text)
                    if not items:
                        _, i = block(start, scope, False)
            elif live:
                out.append(part)
        return "".join(out), i

    return block(0, data, True)[0]


page = "Dear {{ who.name | upper }},\n{% for i in items %}* {{ i.n }}: {{ i.cost | money }}{% if i.sale %} SALE{% end %}\n{% end %}{% if late %}You are late.{% end %}Tags: {{ tags | join }} ({{ tags | len }})"
items = [{"n": "lamp", "cost": 1234.5, "sale": True}, {"n": "nail", "cost": 0.1, "sale": False}]
print(render(page, {"who": {"name": "Ann"}, "items": items, "late": [], "tags": ["x", "y"]}))
print(render(page, {"who": {"name": "Bob"}, "items": [], "late": 1, "tags": []}))
try:
    render("{{ nope }}", {})
except KeyError as err:
    print("missing", err)
