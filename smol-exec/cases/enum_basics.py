# Enum: members, aliases, iteration, methods, unique
from enum import Enum, auto, unique


class Planet(Enum):
    MERCURY = (3.303e23, 2.4397e6)
    EARTH = (5.976e24, 6.37814e6)

    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius

    @property
    def gravity(self):
        return 6.6743e-11 * self.mass / (self.radius * self.radius)


class Light(Enum):
    RED = auto()
    AMBER = auto()
    GREEN = auto()
    YELLOW = 2

    def after(self):
        order = list(Light)
        return order[(order.index(self) + 1) % len(order)]


for p in Planet:
    print(p.name, f"{p.gravity:.2f}")
print(list(Light), Light(2), Light["GREEN"].value, Light.YELLOW is Light.AMBER)
print([m.after().name for m in Light], len(Light), list(Light.__members__))
print(Light.RED == 1, Light.RED in Light, isinstance(Light.RED, Light), str(Light.RED))
try:
    Light(9)
except ValueError as err:
    print(err)
try:
    @unique
    class Twice(Enum):
        A = 1
        B = 1
except ValueError:
    print("duplicates refused")
print({Light.RED: "stop"}[Light(1)])
