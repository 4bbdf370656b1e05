# non-data descriptors: functions, lazy attributes, precedence
class Lazy:
    def __init__(self, func):
        self.func = func

    def __get__(self, obj, owner):
        if obj is None:
            return f"lazy {self.func.__name__} of {owner.__name__}"
        print("computing", self.func.__name__)
        value = self.func(obj)
        obj.__dict__[self.func.__name__] = value
        return value


class Always:
    def __get__(self, obj, owner):
        return "from descriptor"

    def __set__(self, obj, value):
        print("ignored", value)


class Data:
    def __init__(self, n):
        self.n = n

    @Lazy
    def total(self):
        return sum(range(self.n))

    fixed = Always()


d = Data(101)
print(Data.total)
print(d.total, d.total, "total" in vars(d))
del d.total
print(d.total)
d.fixed = 3
vars(d)["fixed"] = "shadow"
print(d.fixed, vars(d)["fixed"])


def hello(self):
    return f"hello {self}"


print(hello.__get__("you")(), Data(5).total)
