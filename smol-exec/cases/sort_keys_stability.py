# sorting: keys, stability, reverse, cmp_to_key, errors
from functools import cmp_to_key

rows = [("pear", 3), ("fig", 3), ("kiwi", 1), ("plum", 2), ("date", 3)]
print(sorted(rows, key=lambda r: r[1]), sorted(rows, key=lambda r: r[1], reverse=True))
print(sorted(rows, key=lambda r: (-r[1], r[0])), sorted(rows)[0], max(rows, key=lambda r: r[1]), min(rows, key=lambda r: len(r[0])))
print(sorted("bAaB"), sorted("bAaB", key=str.lower), sorted(["10", "9", "2"]), sorted(["10", "9", "2"], key=int), sorted({3: "c", 1: "a"}))


def compare(a, b):
    return (b + a > a + b) - (b + a < a + b)


print("".join(sorted(["3", "30", "34", "5", "9"], key=cmp_to_key(compare))))
natural = lambda s: [int(p) if p.isdigit() else p for p in s.replace("-", " ").split()]
print(sorted(["file-10", "file-9", "file-1"], key=natural), sorted([[2], [1, 5], [1]]), sorted([True, 0, 2, False]))
data = [5, 2, 9]
print(data.sort(), data, sorted(data, key=None), list(reversed(data)), sorted([(1, "b"), (1, "a")], key=lambda t: t[0]))
order = {"low": 0, "mid": 1, "high": 2}
print(sorted(["high", "low", "mid", "low"], key=order.__getitem__), sorted(range(-3, 4), key=lambda n: (abs(n), n)))
try:
    sorted([1, "a"])
except TypeError:
    print("cannot mix types")
ranks = sorted(range(5), key=[30, 10, 20, 10, 0].__getitem__)
print(ranks, [x for _, x in sorted(zip([3, 1, 2], "abc"))])
