# iteration variables do not leak; the first iterable is evaluated outside
n = 3
cubes = [n ** 3 for n in range(n)]
print(cubes, n)


def table():
    size = 2
    return {(r, c): r * size + c for r in range(size) for c in range(size)}


print(table())


class Deck:
    suits = "SH"
    ranks = "AK"
    first = [s for s in suits]
    pairs = [(s, r) for s, r in zip(suits, ranks)]


print(Deck.first, Deck.pairs)
gen = (item for item in [1, 2, 3])
print(next(gen), sum(gen))
lazy = (print("evaluated", i) or i for i in "ab")
print("created")
print(list(lazy))
try:
    [1 // z for z in (1, 0)]
except ZeroDivisionError:
    print("error comes out of the comprehension")
items = [1, 2, 3, 4]
print([items.remove(i) or i for i in items if i % 2], items)
