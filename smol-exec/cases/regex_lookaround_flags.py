# lookahead, lookbehind, backreferences, greedy and lazy, flags, verbose
import re

print(re.findall(r"(?<=\$)\d+(?:\.\d\d)?", "cost $30 or $4.50 not 99"))
print(re.findall(r"\b\w+(?=!)", "stop! go now! ok"), re.findall(r"(?<!un)happy", "unhappy happy"), re.findall(r"q(?!u)\w", "qi queen qat"))
print(re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", "1234567"), re.search(r"<.+>", "<a><b>")[0], re.search(r"<.+?>", "<a><b>")[0])
number = re.compile(
    r"""
    (?P<sign> [-+]? )      # sign
    (?P<int>  \d+ )        # integer part
    (?: \. (?P<frac> \d* ) )?   # fraction
    """,
    re.VERBOSE,
)
print([m.groupdict() for m in number.finditer("-3.14 and 42")])
print(re.findall(r"^\w+", "one a\ntwo b", re.M), re.findall("straße", "STRAßE", re.I), re.search("a.b", "a\nb"), bool(re.search("a.b", "a\nb", re.S)))
print(re.findall(r"(?i:ab)c", "ABc abC abc"), re.search(r"(?s)x.*y", "x\n\ny")[0], re.findall(r"\w+", "né à", re.A))
print(re.findall(r"(\w+) \1", "the the cat sat sat"), re.match(r"(?P<q>['\"]).*?(?P=q)", "'it\"s' x")[0])
print(re.findall(r"[^\W\d_]+", "ab_1cd é2"), re.findall(r"[\]\-a-c]+", "x]-a-b"), re.findall(r"\d+(?:st|nd|rd|th)\b", "1st 2nd 33rd 4 5th"))
print(re.findall(r"a{2,3}?", "aaaaa"), re.match(r"(?:(a)|b)(?(1)c|d)", "bd")[0], re.match(r"(a+)+$", "aaaa")[0])
