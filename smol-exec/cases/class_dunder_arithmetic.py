# operators: reflected, in-place, unary, power and matrix multiply
class Vec:
    def __init__(self, *items):
        self.items = list(items)

    def __repr__(self):
        return "Vec" + repr(tuple(self.items))

    def __add__(self, other):
        if isinstance(other, Vec):
            return Vec(*(a + b for a, b in zip(self.items, other.items)))
        if isinstance(other, (int, float)):
            return Vec(*(a + other for a in self.items))
        return NotImplemented

    __radd__ = __add__

    def __iadd__(self, other):
        print("in place")
        self.items = (self + other).items
        return self

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __neg__(self):
        return Vec(*(-a for a in self.items))

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.items, other.items))

    def __pow__(self, n, mod=None):
        return Vec(*(pow(a, n, mod) for a in self.items))

    def __abs__(self):
        return max(map(abs, self.items))


a, b = Vec(1, 2, 3), Vec(10, 0, -4)
print(a + b, a - b, 5 - a, 1 + a)
print(a @ b, abs(b), a ** 3, pow(a, 3, 5))
same = a
same += 100
print(a, same is a, sum([Vec(1), Vec(2), Vec(4)]))
try:
    a + "x"
except TypeError:
    print("TypeError for a string")
