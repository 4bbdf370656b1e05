# __enter__/__exit__: order, suppression, several managers in one with
class Zone:
    def __init__(self, name, swallow=()):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()

    def __exit__(self, kind, err, tb):
        print("exit", self.name, kind.__name__ if kind else None, err)
        return kind is not None and issubclass(kind, self.swallow)


with Zone("a") as a, Zone("b") as b:
    print("inside", a, b)

with Zone("outer", ZeroDivisionError):
    with Zone("inner"):
        raise ZeroDivisionError("div")
    print("never printed")
print("still running")
try:
    with (
        Zone("x", KeyError) as x,
        Zone("y", TypeError),
    ):
        raise ValueError("not swallowed")
except ValueError as err:
    print("outside:", err)


def early():
    with Zone("return"):
        return "value"


print(early())
for n in range(2):
    with Zone(f"loop{n}"):
        continue
