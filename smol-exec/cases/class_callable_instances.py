# __call__ makes instances usable as functions
class Poly:
    def __init__(self, *coef):
        self.coef = coef
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        total = 0
        for c in self.coef:
            total = total * x + c
        return total

    def derivative(self):
        n = len(self.coef) - 1
        return Poly(*(c * (n - i) for i, c in enumerate(self.coef[:-1])))


class Multiplier:
    def __init__(self, by):
        self.by = by

    __call__ = lambda self, x: x * self.by


f = Poly(2, -3, 0, 5)
print([f(x) for x in range(-2, 4)], f.calls)
df = f.derivative()
print(df.coef, df(2), list(map(df.derivative(), [0, 1, 2])))
print(callable(f), callable(5), callable(Poly), callable("x".upper))
print(sorted([3, 1, 2], key=Multiplier(-1)), Multiplier("ab")(2))
