# lru_cache statistics and eviction, cache, cached_property
from functools import cache, cached_property, lru_cache

calls = []


@lru_cache(maxsize=2)
def slow(n):
    calls.append(n)
    return n * 10


for n in [1, 2, 1, 3, 2, 1]:
    slow(n)
print(calls, slow.cache_info())
slow.cache_clear()
print(slow.cache_info(), slow.__wrapped__(5))


@cache
def ways(steps):
    return 1 if steps < 2 else ways(steps - 1) + ways(steps - 2)


print(ways(90), ways.cache_info().misses)


class Report:
    def __init__(self, rows):
        self.rows = rows

    @cached_property
    def total(self):
        print("adding up")
        return sum(self.rows)


r = Report([1, 2, 3])
print(r.total, r.total)
r.rows.append(10)
print(r.total, vars(r)["total"])
del r.total
print(r.total)
try:
    slow([])
except TypeError:
    print("arguments must be hashable")


@lru_cache(typed=True)
def kind(x):
    return type(x).__name__


print(kind(1), kind(1.0), kind(True), kind.cache_info().currsize)
