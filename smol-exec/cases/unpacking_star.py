# star-unpacking in assignments, calls, displays and loops
first, *rest = [1, 2, 3]
*init, last = "xyz"
a, (b, *c), d = 1, (2, 3, 4), 5
print(first, rest, init, last, a, b, c, d)
[p, *_, q] = range(10)
print(p, q, _)
x = y = []
y.append(1)
print(x, x is y)
x, y = 1, 2
x, y = y, x + y
print(x, y)
print([*range(3), *"ab"], (*[1], *()), {*[1, 1], 2}, {**{"a": 1}, "b": 2, **{"a": 3}})
for name, (lat, lon), *tags in [("A", (1, 2)), ("B", (3, 4), "x", "y")]:
    print(name, lat + lon, tags)
print(*"abc", sep="-", end="!\n")
pairs = [("one", 1), ("two", 2)]
names, numbers = zip(*pairs)
print(names, numbers, dict(pairs), max(*numbers))
for bad in ("a, b = 1, 2, 3", "a, b = [1]", "a, *b, c = [1]"):
    try:
        exec(bad)
    except ValueError:
        print("ValueError for", bad)
i = 0
row = [0, 0, 0]
i, row[i] = 2, "set"
print(i, row)
def tail():
    return 1, *[2, 3]
print(tail())
