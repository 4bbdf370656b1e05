# convert a small markdown subset
import html
import re

SOURCE = """# Title & more

A *short* paragraph with **bold**, `code <b>` and a [link](http://x.y/?a=b).
Second line.

- one
- two *x*

1. first
2. second

> quoted

```
if a < b:
    **raw**
```
"""


def inline(text):
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"\*(.+?)\*", r"<em>\1</em>", text)
    return re.sub(r"\[([^]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', text)


def convert(source):
    for block in blocks(source):
        lines = block.splitlines()
        if lines[0].startswith("```"):
            yield "<pre>" + html.escape("\n".join(lines[1:-1])) + "</pre>"
        elif m := re.match(r"(#+) (.*)", block):
            yield f"<h{len(m[1])}>{inline(m[2])}</h{len(m[1])}>"
        elif all(l.startswith("- ") for l in lines):
            yield "<ul>" + "".join(f"<li>{inline(l[2:])}</li>" for l in lines) + "</ul>"
        elif all(re.match(r"\d+\. ", l) for l in lines):
            yield "<ol>" + "".join(f"<li>{inline(l.split('. ', 1)[1])}</li>" for l in lines) + "</ol>"
        elif block.startswith("> "):
            yield f"<blockquote>{inline(block[2:].strip())}</blockquote>"
        else:
            yield f"<p>{inline(' '.join(lines))}</p>"


def blocks(source):
    current, fenced = [], False
    for line in source.splitlines() + [""]:
        fenced ^= line.startswith("```")
        if line.strip() or fenced:
            current.append(line)
        elif current:
            yield "\n".join(current)
            current = []


print(*convert(SOURCE), sep="\n")
