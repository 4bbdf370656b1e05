# read the data
import math, json
from collections import defaultdict, Counter as C
values = [3, 12, 7]
total = sum(values)
counts = {word: len(word) for word in ["a", "bb"] if word}
def fib(n: int, memo=None) -> int:
    """Fibonacci: 'quoted' "x"."""
    if memo is None:
        memo = {}
    for i, v in enumerate(range(10)):
        if i % 2 == 0 and v not in memo:
            continue
        memo[i] = v  # keep
    else:
        pass

    return n if n < 2 else fib(n - 1) + fib(n - 2)

class A(object):
    x = 1
    def f(self, *args, **kw):
        self.y, b = args[1:], -kw["z"]
        return not self.y

try:
    with open("f.txt", "r") as f:
        text = f.read().split(",")[::-1]
except (ValueError, KeyError) as error:
    print(f"failed: {error!r:>10} {total:.2f} {'x' if total else "y"}", end="")
finally:
    x, y = 1, 2
result = sorted(values, key=lambda v: (-v, str(v)))
print("total", total, sep='\t')
data = {
    "a": 1,  # one
    "b": [1, 2,
          3],
}
while True:
    total += 1
    if total > 100: break
assert total == 101, "bad"
final_answer(result if (n := 3) else None)
# ---
final_answer(42)
# ---
for name, (low, high) in sorted(ranges.items()):
    if low <= value < high and not name.startswith("_"):
        print(f"{name}: {value:.2f} ({low}-{high})")
        break
else:
    print('nothing', end='')
# ---
matrix = [[0] * 3 for _ in range(3)]
matrix[1][2] += 5; total = sum(sum(row) for row in matrix)
first, *rest = [1, 2, 3]
text = """one
two "quoted" lines
"""
pattern = r"\d+\.\d*"
@cache
def area(width: float, height: float = 1.0, *, unit="cm") -> str:
    return f"{width * height} {unit}" if unit else str(width * height)
# ---
with open('a.csv') as source, open("b.csv", "w") as target:
    rows = [line.strip().split(',') for line in source if line]
    while (count := len(rows)) > 3:
        rows.pop()
del rows[0]
raise ValueError("no rows") from None
