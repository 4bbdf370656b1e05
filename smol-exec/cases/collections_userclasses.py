# UserDict, UserList and UserString as bases
from collections import UserDict, UserList, UserString


class Limits(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, max(0, min(100, value)))


class Unique(UserList):
    def append(self, item):
        if item not in self.data:
            super().append(item)


class Name(UserString):
    def initials(self):
        return ".".join(w[0] for w in self.split()) + "."


d = Limits({"a": 500}, b=-2)
d.update(c=50)
d |= {"z": 101}
print(d, d.data, len(d), "a" in d, d.get("q"))
u = Unique([1])
for n in (1, 2, 2, 3):
    u.append(n)
print(u, u + [9], u[1:], type(u[1:]).__name__, 2 in u, u == [1, 2, 3])
n = Name("grace brewster hopper")
print(n.initials(), n.title(), type(n.upper()).__name__, n + "!", n == "grace brewster hopper", n[:5])
