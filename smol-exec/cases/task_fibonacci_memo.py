# memoised fibonacci three ways, and Zeckendorf representation
from functools import lru_cache


@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def fib_dict(n, memo={0: 0, 1: 1}):
    if n not in memo:
        memo[n] = fib_dict(n - 1) + fib_dict(n - 2)
    return memo[n]


def fib_fast(n):
    def pair(k):
        if k == 0:
            return 0, 1
        a, b = pair(k // 2)
        c, d = a * (2 * b - a), a * a + b * b
        return (d, c + d) if k % 2 else (c, d)
    return pair(n)[0]


def zeckendorf(n):
    parts, k = [], 2
    while fib(k + 1) <= n:
        k += 1
    while n:
        if fib(k) <= n:
            parts.append(fib(k))
            n -= fib(k)
        k -= 1
    return parts


print([fib(i) for i in range(15)])
print(fib(80), fib_dict(80), fib_fast(80), len(str(fib_fast(5000))))
print(all(fib(i) == fib_fast(i) == fib_dict(i) for i in range(60)))
for n in (4, 100, 2024):
    print(n, "=", " + ".join(map(str, zeckendorf(n))))
even = sum(f for f in map(fib, range(40)) if f % 2 == 0 and f <= 4_000_000)
print("even sum", even)
