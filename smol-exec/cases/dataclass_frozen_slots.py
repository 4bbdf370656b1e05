# frozen, slots and keyword-only dataclasses
from dataclasses import FrozenInstanceError, KW_ONLY, dataclass, is_dataclass


@dataclass(frozen=True)
class Money:
    amount: int
    currency: str = "EUR"

    def __add__(self, other):
        if other.currency != self.currency:
            raise ValueError("currencies differ")
        return Money(self.amount + other.amount, self.currency)


@dataclass(slots=True)
class Pixel:
    x: int
    y: int
    _: KW_ONLY
    colour: str = "black"


wallet = {Money(5): "five", Money(5, "USD"): "five dollars"}
print(wallet[Money(2) + Money(3)], len({Money(1), Money(1), Money(2)}))
try:
    Money(1).amount = 2
except FrozenInstanceError as err:
    print(type(err).__name__, err, isinstance(err, AttributeError))
try:
    Money(1) + Money(1, "USD")
except ValueError as err:
    print(err)
p = Pixel(1, 2, colour="red")
print(p, hasattr(p, "__dict__"), Pixel.__slots__)
for call in (lambda: Pixel(1, 2, "red"), lambda: setattr(p, "z", 1)):
    try:
        call()
    except (TypeError, AttributeError) as err:
        print(type(err).__name__)
match p:
    case Pixel(x, y, colour="red"):
        print("red at", x, y)
print(is_dataclass(Pixel), is_dataclass(p), is_dataclass(3), Pixel.__match_args__)
