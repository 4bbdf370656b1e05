# set operators, methods, frozenset, subset tests
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(b - a), sorted(a ^ b))
print(a >= {1, 2}, a > a, a <= a, {1} < a, a.isdisjoint({9}), a.issuperset([1, 4]), {1, 2} == {2, 1})
a.add(10)
a.discard(99)
a.update([11], (12,))
a.difference_update({1, 2})
print(sorted(a))
try:
    a.remove(99)
except KeyError as err:
    print("KeyError", err)
a &= {3, 10, 77}
a |= {0}
a ^= {3, 5}
print(sorted(a), len(a), 5 in a)
f = frozenset("hello")
print("".join(sorted(f)), f == set("hello"), hash(f) == hash(frozenset("olleh")), type(f | {"x"}).__name__)
print({frozenset({1, 2}): "pair"}[frozenset([2, 1])], set() == frozenset(), repr(set()), repr(frozenset()), {7}, {()})
seen = set()
print([x for x in [3, 1, 3, 2, 1] if not (x in seen or seen.add(x))])
try:
    {[1]}
except TypeError as err:
    print("unhashable" in str(err), type(err).__name__)
print(sorted(set("mississippi")), set().union([1], [2], [1]), {*()} | {3})
