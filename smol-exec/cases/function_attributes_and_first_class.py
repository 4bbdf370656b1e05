# functions are objects: attributes, tables, returning functions, recursion by name
def area(width: float, height: float = 1.0) -> float:
    "Area of a rectangle."
    return width * height


area.unit = "m2"
print(area.__name__, area.__doc__, area.unit, area.__annotations__["return"].__name__)
print(area.__code__.co_varnames, area.__code__.co_argcount, callable(area))
alias, area2 = area, lambda *a: area(*a)
print(alias is area, alias(2, 3), area2(4))


def power(n):
    def raised(x):
        return x ** n
    raised.__name__ = f"power_{n}"
    return raised


table = [power(n) for n in range(4)]
print([(f.__name__, f(3)) for f in table])


def twice(f):
    return lambda x: f(f(x))


print(twice(twice(lambda s: s + "*"))("a"), twice(power(2))(3))
print(list(map(str.title, ["ab cd", "x"])), list(map(max, [1, 5], [4, 2])), [m("Mix") for m in (str.upper, str.lower, len)])
