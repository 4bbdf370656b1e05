# runtime checkable protocols, generics, NamedTuple, TypedDict
from typing import Generic, NamedTuple, Protocol, TypedDict, TypeVar, get_type_hints, runtime_checkable

T = TypeVar("T")


@runtime_checkable
class Speaks(Protocol):
    def speak(self) -> str: ...


class Dog:
    def speak(self):
        return "woof"


class Stone:
    pass


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self


class Place(NamedTuple):
    name: str
    lat: float = 0.0


class Movie(TypedDict, total=False):
    title: str
    year: int


print([isinstance(x, Speaks) for x in (Dog(), Stone(), 5)])
print(Stack[int]().push(1).push(2).items, Stack.__parameters__ == (T,))
p = Place("Quito", -0.18)
print(p, p._replace(lat=1.5), p[0], Place._fields, Place("x")._asdict())
m: Movie = {"title": "Alien", "year": 1979}
print(m, type(m).__name__, sorted(Movie.__annotations__))


def area(w: int, h: float = 2.0) -> float:
    return w * h


print({k: v.__name__ for k, v in get_type_hints(area).items()})
print(list[int].__origin__, dict[str, int].__args__)
