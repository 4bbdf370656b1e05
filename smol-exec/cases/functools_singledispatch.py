# singledispatch on types, abstract types and methods
from collections.abc import Mapping
from functools import singledispatch, singledispatchmethod


@singledispatch
def show(value):
    return f"? {value!r}"


@show.register
def _(value: int):
    return f"int {value:,}"


@show.register(float)
@show.register(complex)
def _(value):
    return f"inexact {value}"


@show.register
def _(value: list):
    return "[" + "; ".join(show(v) for v in value) + "]"


@show.register(Mapping)
def _(value):
    return "{" + "; ".join(f"{k} -> {show(v)}" for k, v in value.items()) + "}"


class Pen:
    @singledispatchmethod
    def draw(self, what):
        return "cannot draw " + type(what).__name__

    @draw.register
    def _(self, what: str):
        return "text " + what

    @draw.register
    def _(self, what: tuple):
        return "dot at %d,%d" % what


print(show(1234567), "|", show(2.5), "|", show(1j), "|", show(None))
print(show([1, {"a": [True, "s"]}]))
print(show.dispatch(bool) is show.dispatch(int), len(show.registry))
p = Pen()
print(p.draw("x"), "|", p.draw((3, 4)), "|", p.draw(5))
