# case, strip, pad, prefix and test methods
s = "  Hello, wOrld  "
print([s.strip(), s.lstrip(), s.rstrip(), s.strip(" Hd")])
t = s.strip()
print(t.upper(), t.lower(), t.title(), t.capitalize(), t.swapcase(), "they're bill's".title())
print(t.center(21, "*"), t.ljust(15, ".") + "|", t.rjust(15), "42".zfill(5), "-42".zfill(5), "+x".zfill(4))
print(t.startswith("Hello"), t.startswith(("x", "He")), t.endswith("ld", 3), t.removeprefix("Hello"), t.removesuffix("zzz"))
print("abc123".isalnum(), "abc".isalpha(), "12".isdigit(), "½".isnumeric(), "½".isdigit(), " \t".isspace(), "".isalpha())
print("A B".isupper(), "1a".islower(), "Ab Cd".istitle(), "name_1".isidentifier(), "1x".isidentifier(), "a\n".isprintable(), "é".isascii())
print("xxabcxx".strip("x"), "mississippi".lstrip("mis"), "a.b.c".rpartition("."), "key=val=x".partition("="), "none".partition(":"))
print("ß".upper(), "ẞ".lower(), "İ".lower() == "i̇", "ǆ".title(), "ΑΣ".lower(), "straße".casefold() == "STRASSE".casefold())
print("tab\tstop".expandtabs(4), "a\tb".expandtabs(), "%s" % "x".join("abc"), "-" * 5, "ab" * 0 == "")
