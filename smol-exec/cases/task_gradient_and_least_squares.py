# fit a line exactly and by gradient descent; numeric derivative and integral
def fit(points):
    n = len(points)
    sx, sy = sum(x for x, _ in points), sum(y for _, y in points)
    sxx, sxy = sum(x * x for x, _ in points), sum(x * y for x, y in points)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return slope, (sy - slope * sx) / n


def descend(points, rate=0.02, steps=4000):
    a = b = 0.0
    for _ in range(steps):
        errors = [(a * x + b - y, x) for x, y in points]
        a -= rate * 2 * sum(e * x for e, x in errors) / len(points)
        b -= rate * 2 * sum(e for e, _ in errors) / len(points)
    return a, b


def simpson(f, low, high, n=100):
    h = (high - low) / n
    inner = sum((4 if i % 2 else 2) * f(low + i * h) for i in range(1, n))
    return h / 3 * (f(low) + inner + f(high))


points = [(0, 1), (1, 3), (2, 4), (3, 8), (4, 9)]
a, b = fit(points)
print(f"exact   y = {a:.4f}x + {b:.4f}")
print("descent y = {:.4f}x + {:.4f}".format(*descend(points)))
mean = sum(y for _, y in points) / len(points)
residual = sum((y - a * x - b) ** 2 for x, y in points)
print(f"r2 = {1 - residual / sum((y - mean) ** 2 for _, y in points):.5f}", [f"{y - a * x - b:+.2f}" for x, y in points])
print(round(simpson(lambda x: x ** 3 - x, 0, 2), 6), round(simpson(lambda x: 4 / (1 + x * x), 0, 1), 8))
print([round(((x + 1e-5) ** 3 - (x - 1e-5) ** 3) / 2e-5, 4) for x in (0, 1, 2)])
x = 1.0
for i in range(6):
    x = (x + 2 / x) / 2
    print(f"{x:.10f}", end=" ")
print()
