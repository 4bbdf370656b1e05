# data descriptors with __set_name__ validate assignments
class Typed:
    def __init__(self, kind, check=lambda v: True):
        self.kind, self.check = kind, check

    def __set_name__(self, owner, name):
        self.name = name
        self.slot = "_" + name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return getattr(obj, self.slot, None)

    def __set__(self, obj, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} wants {self.kind.__name__}")
        if not self.check(value):
            raise ValueError(f"{self.name} rejects {value!r}")
        setattr(obj, self.slot, value)


class Product:
    name = Typed(str, str.strip)
    price = Typed((float), lambda v: v > 0)
    count = Typed(int)


p = Product()
print(p.name, p.price)
p.name, p.price, p.count = "bolt", 0.25, 400
print(p.name, p.price * p.count)
for field, bad in [("name", 5), ("name", "  "), ("price", -1.0), ("count", "3")]:
    try:
        setattr(p, field, bad)
    except (TypeError, ValueError) as err:
        print(type(err).__name__, err)
print(Product.price.name, sorted(vars(p).items()))
