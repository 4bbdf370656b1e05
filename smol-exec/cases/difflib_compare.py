# difflib: ratios, unified diff, close matches, opcodes
import difflib

old = ["alpha", "beta", "gamma", "delta", "omega"]
new = ["alpha", "beta 2", "gamma", "omega", "psi"]
print("\n".join(difflib.unified_diff(old, new, "old", "new", lineterm="", n=1)))
print(list(difflib.ndiff(["one", "two"], ["one", "twoo"])))
m = difflib.SequenceMatcher(None, "private", "privately")
print(round(m.ratio(), 4), m.get_opcodes(), m.find_longest_match(0, 7, 0, 9)[:])
print(difflib.get_close_matches("appel", ["ape", "apple", "peach", "puppy"]), difflib.get_close_matches("zz", ["ab"]))
for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(a="qabxcd", b="abycdf").get_opcodes():
    print(f"{tag:7} {'qabxcd'[i1:i2]!r} -> {'abycdf'[j1:j2]!r}")
