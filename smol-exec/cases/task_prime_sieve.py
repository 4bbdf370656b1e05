# primes: sieve, factorisation, goldbach, perfect numbers
def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[:2] = b"\0\0"
    for p in range(2, int(n ** 0.5) + 1):
        if flags[p]:
            flags[p * p::p] = bytes(len(range(p * p, n + 1, p)))
    return [i for i, f in enumerate(flags) if f]


def factor(n):
    out, p = {}, 2
    while p * p <= n:
        while n % p == 0:
            out[p] = out.get(p, 0) + 1
            n //= p
        p += 1 + (p > 2)
    if n > 1:
        out[n] = 1
    return out


primes = sieve(10000)
print(primes[:15], len(primes), primes[-1], sum(sieve(1000)))
for n in (360, 97, 1001, 2 ** 16, 999_999_000_001):
    print(n, "=", " * ".join(f"{p}^{e}" if e > 1 else str(p) for p, e in factor(n).items()))
small = set(primes)
print([(p, n - p) for n in (28, 100) for p in primes if p <= n // 2 and n - p in small])
print([(a, b) for a, b in zip(primes, primes[1:]) if b - a == 2][:8], max(b - a for a, b in zip(primes, primes[1:])))
print([n for n in range(2, 1000) if sum(d for d in range(1, n // 2 + 1) if n % d == 0) == n])
