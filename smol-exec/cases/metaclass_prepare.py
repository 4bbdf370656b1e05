# __prepare__ hands the class body a custom namespace
class Recorder(dict):
    def __init__(self):
        super().__init__()
        self.order = []

    def __setitem__(self, key, value):
        if not key.startswith("__"):
            if key in self:
                self.order.append(f"{key} again")
            else:
                self.order.append(key)
        super().__setitem__(key, value)


class Auto(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        return Recorder()

    def __new__(mcls, name, bases, ns):
        cls = super().__new__(mcls, name, bases, dict(ns))
        cls.order = ns.order
        return cls

    def __iter__(cls):
        return iter(cls.order)


class Form(metaclass=Auto):
    zip_code = 1
    city = 2
    zip_code = 3

    def submit(self):
        return self.city


print(list(Form), Form.zip_code, Form().submit())
print(isinstance(Form, Auto), isinstance(Form(), Auto), type(type(Form)).__name__)
Dyn = Auto("Dyn", (Form,), (lambda ns: (ns.__setitem__("x", 1), ns)[1])(Recorder()))
print(list(Dyn), Dyn.city, Dyn.x)
