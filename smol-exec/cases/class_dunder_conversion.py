# __bool__, __int__, __float__, __index__, __round__, __format__, __bytes__, __len__
import math


class Ratio:
    def __init__(self, top, bottom=1):
        self.top, self.bottom = top, bottom

    def __bool__(self):
        return self.top != 0

    def __int__(self):
        return self.top // self.bottom

    def __float__(self):
        return self.top / self.bottom

    def __round__(self, digits=None):
        return round(float(self), digits) if digits is not None else int(float(self) + 0.5)

    def __floor__(self):
        return int(self)

    def __ceil__(self):
        return -(-self.top // self.bottom)

    def __format__(self, spec):
        if spec == "pair":
            return f"{self.top}/{self.bottom}"
        return format(float(self), spec)

    def __bytes__(self):
        return bytes([self.top, self.bottom])

    def __complex__(self):
        return complex(float(self), 1)


class Third:
    def __index__(self):
        return 2


r = Ratio(7, 4)
print(int(r), float(r), bool(r), bool(Ratio(0)))
print(round(r), round(r, 1), math.floor(r), math.ceil(r))
print(f"{r:pair} {r:.3f} {r:>8.2f}|{r}")
print(bytes(r), complex(r), math.sqrt(Ratio(9)))
print("abcdef"[Third()], hex(Third()), list(range(Third())), [10, 20, 30, 40][Third():])
