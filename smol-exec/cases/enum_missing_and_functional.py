# lookup hook _missing_, functional API, custom values
from enum import Enum


class Unit(Enum):
    KILOGRAM = "kg"
    POUND = "lb"
    STONE = "st"

    @classmethod
    def _missing_(cls, value):
        text = str(value).strip().lower().rstrip("s")
        for member in cls:
            if text in (member.value, member.name.lower()):
                return member
        return None

    def to_kg(self, amount):
        return round(amount * {"kg": 1, "lb": 0.45359237, "st": 6.35029318}[self.value], 3)


for text in ["kg", " Pounds", "STONE", "lbs"]:
    unit = Unit(text)
    print(repr(text), unit.name, unit.to_kg(10))
try:
    Unit("ounce")
except ValueError as err:
    print("ValueError:", err)
Day = Enum("Day", "MON TUE WED", start=5)
print([(d.name, d.value) for d in Day])
Size = Enum("Size", {"S": "small", "L": "large"})
print(Size.S.value, Size("large"), Size.S is Size["S"], Size.S != Day.MON)
