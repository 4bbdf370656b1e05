# custom exceptions with attributes, args and hierarchy
class ShopError(Exception):
    code = 1


class OutOfStock(ShopError):
    code = 2

    def __init__(self, item, wanted, have=0):
        super().__init__(item, wanted, have)
        self.item, self.missing = item, wanted - have

    def __str__(self):
        return f"{self.item}: {self.missing} short"


class Unknown(ShopError, KeyError):
    def __str__(self):
        return f"unknown {self.args[0]}"


stock = {"tea": 3, "milk": 10}


def sell(item, n):
    if item not in stock:
        raise Unknown(item)
    if stock[item] < n:
        raise OutOfStock(item, n, stock[item])
    stock[item] -= n
    return stock[item]


for item, n in [("tea", 2), ("tea", 2), ("ham", 1), ("milk", 1)]:
    try:
        print(item, "left", sell(item, n))
    except ShopError as err:
        print(type(err).__name__, err.code, err, err.args)
try:
    raise OutOfStock("x", 5)
except Exception as err:
    print(repr(err), err.missing, isinstance(err, ShopError))
print(repr(ShopError()), repr(ShopError("a")), repr(ShopError("a", 1)), str(ShopError("a", 1)), str(ShopError()))
