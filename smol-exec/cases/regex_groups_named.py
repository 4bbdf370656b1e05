# named groups, optional groups, match objects, fullmatch, findall shapes
import re

log = """2024-03-01 ERROR disk: full (code 28)
2024-03-02 INFO net: up
2024-13-99 WARN bad: date (code x)"""
pattern = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d) (?P<level>[A-Z]+) (?P<src>\w+): (?P<msg>[^(\n]+)(?:\(code (?P<code>\d+)\))?")
for m in pattern.finditer(log):
    print(m["level"], m.groupdict(), m.span("src"))
m = re.search(r"(\w+)@(\w+)\.(com|org)", "mail bob@site.org now")
print(m.group(), m.group(1, 3), m.groups(), m.start(), m.end(2), m[0], m.lastindex)
print(re.findall(r"\d+", "a1b22c333"), re.findall(r"(\w)(\d)", "a1 b2"), re.findall(r"(?:ab)+", "ababxab"))
print(re.fullmatch(r"\d{3}", "1234"), bool(re.fullmatch(r"\d{3,4}", "1234")), re.match("b", "ab"))
print(re.match(r"(a)?(b)?c", "bc").groups("none"), pattern.groups, sorted(pattern.groupindex)[:3])
print(m.expand(r"\2 at \g<1>"), m.re.pattern[:5], m.string[:4], bool(re.search("", "")))
print([w for w in re.findall(r"\b(\w)\w*\1\b", "level area noon test")])
