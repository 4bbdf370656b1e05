# tuples: immutability, comparison, packing, mutable members, sorting keys
t = 1, "two", [3]
print(t, len(t), t[1], t + (4,), t * 2, (5,), ())
t[2].append(4)
print(t)
try:
    t[0] = 9
except TypeError as err:
    print(err)
try:
    t[2] += [5]
except TypeError:
    print("error, and yet", t)
print((1, 2) < (1, 2, 0), (1, "b") > (1, "a"), max([(2, "x"), (2, "y"), (1, "z")]))
print(t.count("two"), t.index("two"), tuple("ab"), tuple([1]), 1 in t, (1) == 1)
people = [("Zed", 30), ("Amy", 25), ("Bob", 30)]
print(sorted(people, key=lambda p: (-p[1], p[0])))
points = {(0, 0): "origin", (1, 0): "east"}
print(points[0, 0], points[1, 0], (2, 2) in points)
try:
    hash(t)
except TypeError as err:
    print(err)
