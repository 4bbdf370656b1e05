# dataclasses: defaults, factories, order, replace, asdict, post_init
from dataclasses import asdict, astuple, dataclass, field, fields, replace


@dataclass(order=True)
class Line:
    sku: str
    qty: int = 1
    price: float = field(default=0.0, compare=False)
    tags: list = field(default_factory=list, repr=False, compare=False)

    @property
    def total(self):
        return self.qty * self.price


@dataclass
class Order:
    number: int
    lines: list[Line] = field(default_factory=list)
    total: float = field(init=False)

    def __post_init__(self):
        self.total = sum(line.total for line in self.lines)


a, b = Line("nut", 4, 0.25), Line("bolt", 2, 1.5, ["steel"])
print(a, b)
print(sorted([a, b]), a == Line("nut", 4, 99.0), a < b)
a.tags.append("x")
print(Line("n").tags, a.tags)
o = Order(7, [a, b])
print(o.total, asdict(o))
print(astuple(b), replace(b, qty=10).total)
print([f.name for f in fields(Order)], [f.name for f in fields(Line) if f.compare])
