# split variants, join, find, replace, count, translate
s = "one  two three\tfour\nfive"
print(s.split(), s.split(" "), s.split(None, 2), s.rsplit(None, 1))
print("a,b,,c,".split(","), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), "abc".split("bc"))
print("l1\nl2\r\nl3\x0bl4\x85l5\n\n".splitlines(), "x\ny".splitlines(True))
print(", ".join(["a"]), "".join(reversed("abc")), "-".join(map(str, range(4))), "/".join({"k1": 0, "k2": 1}))
t = "banana"
print(t.find("an"), t.find("an", 2), t.rfind("an"), t.find("x"), t.index("n"), t.count("an"), t.count("ana"), t.count(""))
print(t.replace("an", "AN"), t.replace("a", "", 2), t.replace("", "-"), "nan" in t, "" in t)
table = str.maketrans("abn", "xy-", "z")
print("bananaz".translate(table), "abc".translate({97: "AAA", 98: None}), "".join(sorted(t)), min(t), max(t))
try:
    t.index("q")
except ValueError as err:
    print(err)
print([t[i:i + 2] for i in range(0, len(t), 2)], t[::-1] == t, "abc" < "abd", "Z" < "a", "10" < "9", ord("a"), chr(8364))
