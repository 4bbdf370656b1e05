# subclasses of list, dict, str and int keep the behaviour of the base
class Stack(list):
    push = list.append

    @property
    def top(self):
        return self[-1] if self else None


class CaseDict(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.lower())

    def __contains__(self, key):
        return super().__contains__(key.lower())


class Shout(str):
    def __add__(self, other):
        return Shout(str.__add__(self, other).upper())


class Mod7(int):
    def __add__(self, other):
        return Mod7((int(self) + int(other)) % 7)


s = Stack([1, 2])
s.push(3)
print(s, s.top, s.pop(), s.top, Stack().top, type(s[:1]).__name__)
d = CaseDict()
d["Name"] = "Bo"
d["NAME"] += "b"
print(d, "nAmE" in d, len(d), d["name"])
print(Shout("hey") + " you", type(Shout("a") + "b").__name__, Shout("abc").upper())
print(Mod7(5) + 4, Mod7(6) + Mod7(6), sum([Mod7(3)] * 5, Mod7(0)))
