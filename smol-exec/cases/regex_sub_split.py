# sub with functions and templates, subn, split, escape, compile errors
import re

print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "3 apples, 10 pears"))
print(re.sub(r"(?P<first>\w+) (?P<last>\w+)", r"\g<last>, \1", "Ada Lovelace"), re.sub("a", "b", "aaaa", count=2))
print(re.subn(r"\s+", " ", "a   b \n c"), re.sub("", "-", "abc"), re.sub(r"x*", "_", "axb"))
print(re.split(r"[;,]\s*", "a; b,c,;d"), re.split(r"(\d)", "a1b2c"), re.split(r"\s", "a b c", maxsplit=1), re.split(r"\b", "hi you"))
print(re.escape("a.b*c[1]"), re.findall(re.escape("1+1"), "1+1=2, 11"))
camel = lambda s: re.sub(r"_([a-z])", lambda m: m[1].upper(), s)
snake = lambda s: re.sub(r"(?<!^)(?=[A-Z])", "_", s).lower()
print(camel("my_long_name"), snake("myLongName"), snake(camel("a_b_c")))
words = {"cat": "dog", "sun": "moon"}
print(re.sub("|".join(words), lambda m: words[m.group()], "the cat in the sun scatters"))
for bad in ("(", "*a", "[z-a]", "(?P<1>x)", r"\2"):
    try:
        re.compile(bad)
    except re.error as err:
        print("bad pattern", repr(bad), err.pos)
print(re.sub(r"(\w+)", r"<\1>\\", "ab cd"), re.compile("b").sub("\n", "abc").split("\n"))
