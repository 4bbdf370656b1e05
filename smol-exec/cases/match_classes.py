# class patterns, __match_args__, builtins, dotted constants
from dataclasses import dataclass
from enum import Enum


class Op(Enum):
    ADD = "+"
    MUL = "*"


@dataclass
class Num:
    value: float


@dataclass
class Bin:
    op: Op
    left: object
    right: object


class Neg:
    __match_args__ = ("inner",)

    def __init__(self, inner):
        self.inner = inner


def simplify(node):
    match node:
        case Num():
            return node
        case Bin(Op.ADD, left, right):
            return Num(simplify(left).value + simplify(right).value)
        case Bin(Op.MUL, Num(0), _) | Bin(Op.MUL, _, Num(0)):
            return Num(0)
        case Bin(op=Op.MUL, left=l, right=r):
            return Num(simplify(l).value * simplify(r).value)
        case Neg(inner=Neg(x)):
            return simplify(x)
        case Neg(x):
            return Num(-simplify(x).value)
        case int(n) | float(n):
            return Num(n)
        case str() as s:
            return simplify(float(s))
        case list([a, *_]):
            return simplify(a)
        case unknown:
            raise TypeError(type(unknown).__name__)


print(simplify(Bin(Op.ADD, Num(2), Bin(Op.MUL, Num(3), Num(4)))))
print(simplify(Bin(Op.MUL, Num(0), Neg("boom"))), simplify(Neg(Neg(Num(8)))))
print(simplify(Neg(Bin(Op.ADD, Num(1), 4))), simplify("2.5"), simplify([7, "x"]))
try:
    simplify({1})
except TypeError as err:
    print("cannot simplify", err)
