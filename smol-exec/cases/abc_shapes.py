# abstract base classes, abstract properties and virtual subclasses
from abc import ABC, abstractmethod


class Shape(ABC):
    @property
    @abstractmethod
    def area(self): ...

    @abstractmethod
    def scale(self, k): ...

    def describe(self):
        return f"{type(self).__name__} of area {self.area:.2f}"


class Square(Shape):
    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side ** 2

    def scale(self, k):
        return Square(self.side * k)


class Half(Shape):
    def scale(self, k):
        return self


for cls in (Shape, Half, Square):
    try:
        print(cls(3).describe() if cls is Square else cls())
    except TypeError:
        print(cls.__name__, "is abstract:", sorted(cls.__abstractmethods__))


@Shape.register
class Blob:
    area = 1


print(isinstance(Blob(), Shape), issubclass(Blob, Shape), Shape in Blob.__mro__)
print(Square(2).scale(1.5).describe())
