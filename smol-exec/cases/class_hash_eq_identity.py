# what __eq__ does to hashing, and identity against equality
class Plain:
    pass


class Coord:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return isinstance(other, Coord) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))


class Unhashable:
    def __eq__(self, other):
        return True


a, b = Coord(1, 2), Coord(1, 2)
print(a == b, a is b, a != b, hash(a) == hash(b), len({a, b}))
print(Plain() == Plain(), len({Plain(), Plain()}))
visits = {a: "first"}
visits[b] = "second"
print(visits[Coord(1, 2)], len(visits))
try:
    {Unhashable()}
except TypeError as err:
    print("unhashable:", "Unhashable" in str(err), Unhashable.__hash__)
nan = float("nan")
print(nan == nan, nan in [nan], [nan] == [nan], float("nan") in [nan])
print(1 == 1.0 == True, {1: "a", 1.0: "b", True: "c"}, hash(2) == hash(2.0))
