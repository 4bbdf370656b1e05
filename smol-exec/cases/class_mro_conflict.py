# method resolution order and impossible hierarchies
class A:
    who = "A"


class B(A):
    pass


class C(A):
    who = "C"


class D(B, C):
    pass


class E(C, B):
    pass


print(D.who, E.who, B.who)
for cls in (D, E):
    print(cls.__name__, "->", " ".join(k.__name__ for k in cls.mro()))
try:
    type("F", (D, E), {})
except TypeError as err:
    print("TypeError", "MRO" in str(err) or "method resolution" in str(err))
try:
    type("G", (A, B), {})
except TypeError:
    print("base before derived is refused")
G = type("G", (B, A), {"who": "G"})
print(G().who, issubclass(G, A), isinstance(G(), (C, B)), G.__bases__ == (B, A))
print([k.__name__ for k in A.__subclasses__()])
