# inspect: signatures, parameters, binding, members
import inspect


def f(a, b: int = 2, /, *args: str, c, d="x", **kw) -> bool:
    """Doc of f."""
    return True


class Base:
    """Base doc."""

    def __init__(self, size=3):
        self.size = size

    def method(self, x):
        """Method doc."""

    @classmethod
    def make(cls, *, n): ...

    @staticmethod
    def util(y=1): ...

    @property
    def area(self): ...


class Child(Base):
    def method(self, x): ...


sig = inspect.signature(f)
print(sig, list(sig.parameters), sig.return_annotation.__name__)
for p in sig.parameters.values():
    print(p.name, p.kind.name, "required" if p.default is p.empty else repr(p.default))
bound = sig.bind(1, 5, "p", "q", c=0, z=9)
print(bound.args, bound.kwargs, bound.arguments["kw"])
try:
    sig.bind(1)
except TypeError:
    print("c is missing")
print(inspect.signature(Base), inspect.signature(Base.make), inspect.signature(Base().method), inspect.signature(Base.util), inspect.signature(lambda *a, k=0: 0))
print([n for n, _ in inspect.getmembers(Base, inspect.isfunction)], inspect.isclass(Base), inspect.isroutine(len), inspect.ismethod(Base.make))
print(inspect.getdoc(f), inspect.getdoc(Child.method), [c.__name__ for c in inspect.getmro(Child)], inspect.signature(f).replace(parameters=()))
