# rich comparison through functools.total_ordering and NotImplemented
from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.parts = tuple(int(p) for p in text.split("."))

    def __eq__(self, other):
        if isinstance(other, str):
            other = Version(other)
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts == other.parts

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts < other.parts

    def __hash__(self):
        return hash(self.parts)

    def __str__(self):
        return ".".join(map(str, self.parts))


raw = ["1.10", "1.9", "2.0.1", "1.9", "0.30.5"]
versions = [Version(t) for t in raw]
print(" < ".join(map(str, sorted(versions))))
print(str(max(versions)), len(set(versions)))
a, b = Version("1.9"), Version("1.10")
print(a < b, a <= b, a > b, a >= a, a != b)
print(a == "1.9", "1.10" == b, a == 19, a != None)
try:
    a < 3
except TypeError:
    print("no order with int")
