# a metaclass that registers and checks classes
class Meta(type):
    registry = {}

    def __new__(mcls, name, bases, ns, *, key=None):
        cls = super().__new__(mcls, name, bases, ns)
        if key is not None:
            if key in mcls.registry:
                raise ValueError(f"{key} is taken by {mcls.registry[key].__name__}")
            mcls.registry[key] = cls
        return cls

    def __init__(cls, name, bases, ns, **_):
        super().__init__(name, bases, ns)
        cls.methods = sorted(k for k, v in ns.items() if callable(v) and not k.startswith("_"))

    def __call__(cls, *args):
        print("building", cls.__name__, args)
        return super().__call__(*args)

    def __len__(cls):
        return len(cls.methods)

    def __contains__(cls, name):
        return name in cls.methods


class Codec(metaclass=Meta):
    pass


class Rot(Codec, key="rot"):
    def __init__(self, n):
        self.n = n

    def encode(self, text):
        return "".join(chr((ord(c) - 97 + self.n) % 26 + 97) for c in text)

    def decode(self, text):
        return Rot(-self.n).encode(text)


print(sorted(Meta.registry), type(Rot).__name__, len(Rot), "encode" in Rot)
r = Meta.registry["rot"](3)
print(r.encode("xyz"), r.decode("abc"))
try:
    class Again(Codec, key="rot"):
        pass
except ValueError as err:
    print(err)
