# zip (strict), map, filter, enumerate, reversed, any, all
print(list(zip("abc", [1, 2])), list(zip("ab", [1, 2], strict=True)), list(zip()), dict(zip("xy", range(2))))
try:
    list(zip("abc", [1], strict=True))
except ValueError:
    print("strict zip refuses")
print(list(map(lambda a, b: a * b, "ab", [2, 3, 4])), list(map(int, "123")), list(filter(str.isalpha, "a1b2")))
print(list(enumerate("ab", start=5)), list(reversed(range(3))), [*reversed("abc")], list(reversed({"k": 1, "l": 2})))
print(any([]), all([]), any([0, "", 3]), all([1, "a", []]), any(c.isdigit() for c in "ab1"), all(n > 0 for n in (1, 2)))
m = map(print, ["lazy"])
print("before")
list(m)
matrix = [(1, 2, 3), (4, 5, 6)]
print(list(zip(*matrix)), list(map(list, zip(*matrix))), list(map(sum, matrix)), [sum(c) for c in zip(*matrix)])
z = zip([1, 2], "ab")
print(next(z), list(z), list(z), *zip("a"), sep=" / ")
it = iter(range(7))
print(list(zip(it, it, it)), list(it))
