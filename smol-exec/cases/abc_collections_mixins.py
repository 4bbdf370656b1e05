# collections.abc supplies the mixin methods
from collections.abc import Hashable, Iterable, MutableMapping, Sequence, Sized, Set


class Countdown(Sequence):
    def __init__(self, start):
        self.start = start

    def __len__(self):
        return self.start

    def __getitem__(self, i):
        if not -self.start <= i < self.start:
            raise IndexError(i)
        return self.start - i % self.start


class Env(MutableMapping):
    def __init__(self, **kw):
        self.data = {k.upper(): v for k, v in kw.items()}

    def __getitem__(self, key):
        return self.data[key.upper()]

    def __setitem__(self, key, value):
        self.data[key.upper()] = value

    def __delitem__(self, key):
        del self.data[key.upper()]

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)


c = Countdown(4)
print(list(c), 3 in c, 9 in c, c.index(2), c.count(1), list(reversed(c)))
e = Env(home="/x", lang="C")
e.update(path="/bin", Home="/y")
print(sorted(e.items()), e.pop("lang"), e.setdefault("tz", "UTC"), "HOME" in e, len(e))
print(e == {"HOME": "/y", "PATH": "/bin", "TZ": "UTC"}, e.get("nope", 0))
print([isinstance(x, Hashable) for x in (1, [], "s", (), {})])
print(isinstance(c, Sized), isinstance({1}, Set), isinstance((i for i in "a"), Iterable))
