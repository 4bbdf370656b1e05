# __slots__ leaves no instance dictionary
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return type(self)(self.x + other.x, self.y + other.y)


class Named(Point):
    __slots__ = ("label",)


class Loose(Point):
    pass


p = Point(1, 2) + Point(10, 20)
print(p.x, p.y, hasattr(p, "__dict__"))
try:
    p.z = 3
except AttributeError as err:
    print(type(err).__name__)
n = Named(5, 6)
n.label = "corner"
print(n.x, n.label, hasattr(n, "__dict__"))
q = Loose(0, 0)
q.extra = [1]
print(q.extra, vars(q))
del p.x
try:
    p.x
except AttributeError:
    print("slot is empty")
print(Point.__slots__, type(Point.x).__name__)
