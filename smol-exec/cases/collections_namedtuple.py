# namedtuple: fields, defaults, replace, subclassing, unpacking
from collections import namedtuple

Point = namedtuple("Point", "x y")
p = Point(3, y=4)
print(p, p.x + p[1], p._asdict(), p._replace(x=0), Point._fields, p == (3, 4))
x, y = p
print(x, y, Point._make([7, 8]), sorted([Point(2, 1), Point(1, 9)]))
Job = namedtuple("Job", ["name", "pay", "city"], defaults=[100, "Rome"])
print(Job("cook"), Job("x", 5), Job._field_defaults)
print(namedtuple("R", "a class a _b", rename=True)._fields)


class Vec(Point):
    __slots__ = ()

    @property
    def norm2(self):
        return self.x ** 2 + self.y ** 2

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)


print(Vec(1, 2) + p, Vec(3, 4).norm2, isinstance(Vec(0, 0), tuple), p + (1,))
try:
    p.x = 5
except AttributeError:
    print("read only")
try:
    Point(1)
except TypeError:
    print("missing field")
print({Point(0, 0): "o"}[0, 0], max(Job("a", 1), Job("b", 9), key=lambda j: j.pay).name)
