# laziness, exhaustion, generator expressions and infinite generators
from itertools import islice, takewhile


def evens(limit=None):
    n = 0
    while limit is None or n < limit:
        print(f"(make {n})", end=" ")
        yield n
        n += 2


g = evens(6)
print("nothing yet")
print(next(g), next(g))
print(list(g), list(g), next(g, "done"))
print(list(islice(evens(), 3)))
print(sum(x for x in takewhile(lambda v: v < 7, evens())))


def collatz(n):
    while n != 1:
        yield n
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    yield 1


print(*collatz(6))
print(max((sum(1 for _ in collatz(k)), k) for k in range(1, 60)))
squares = (x * x for x in range(5))
print(9 in squares, list(squares))
