# digit puzzles: armstrong, happy, collatz, pythagoras, gcd, digits
from math import gcd, isqrt


def happy(n):
    seen = set()
    while n != 1 and n not in seen:
        seen.add(n)
        n = sum(int(d) ** 2 for d in str(n))
    return n == 1


def collatz(n):
    steps = 0
    while n > 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


def digital_root(n):
    return 1 + (n - 1) % 9 if n else 0


def words(n):
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if n < 20:
        return ones[n]
    if n < 100:
        return tens[n // 10 - 2] + (f"-{ones[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ones[n // 100]} hundred" + (f" and {words(n % 100)}" if n % 100 else "")
    return f"{words(n // 1000)} thousand" + (f" {words(n % 1000)}" if n % 1000 else "")


print([n for n in range(1, 10000) if n == sum(int(d) ** len(str(n)) for d in str(n))])
print([n for n in range(1, 50) if happy(n)], max(range(1, 1000), key=collatz), collatz(27))
print([(a, b, isqrt(a * a + b * b)) for a in range(1, 30) for b in range(a, 30) if isqrt(a * a + b * b) ** 2 == a * a + b * b and gcd(a, b) == 1])
for n in (0, 13, 21, 100, 342, 1_005, 99_999):
    print(n, words(n), digital_root(n))
print(sum(n for n in range(1000) if n % 3 == 0 or n % 5 == 0), sum(range(101)) ** 2 - sum(n * n for n in range(101)))
print("\n".join("FizzBuzz" if n % 15 == 0 else "Fizz" if n % 3 == 0 else "Buzz" if n % 5 == 0 else str(n) for n in range(9, 16)))
