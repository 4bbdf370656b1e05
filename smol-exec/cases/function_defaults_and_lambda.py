# mutable defaults, defaults evaluated once, lambdas
def collect(item, into=[]):
    into.append(item)
    return into


def fresh(item, into=None):
    into = [] if into is None else into
    into.append(item)
    return into


base = 10


def offset(x, by=base):
    return x + by


base = 1000
print(collect(1), collect(2), collect(3, []), collect.__defaults__)
print(fresh(1), fresh(2), fresh(3, [0]))
print(offset(1), offset(1, base))
ops = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "max": max, "pow": pow}
print({name: op(7, 3) for name, op in ops.items()})
fact = lambda n: 1 if n < 2 else n * fact(n - 1)
print(fact(20), (lambda x, y=2: x ** y)(5), fact.__name__)
print(sorted(["bb", "a", "ccc"], key=lambda s: (-len(s), s)), list(filter(None, [0, 1, "", "x", [], None])))
print((lambda: (yield))().__class__.__name__, [(lambda n: n % 2 and "odd" or "even")(n) for n in range(3)])
