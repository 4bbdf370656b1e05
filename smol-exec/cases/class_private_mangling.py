# double underscore names are mangled per class
class Base:
    def __init__(self):
        self.__secret = "base"

    def reveal(self):
        return self.__secret

    def __helper(self):
        return "Base helper"

    def use(self):
        return self.__helper()


class Child(Base):
    def __init__(self):
        super().__init__()
        self.__secret = "child"

    def __helper(self):
        return "Child helper"

    def both(self):
        return self.__secret, self.reveal(), self.use(), self.__helper()


c = Child()
print(c.both())
print(sorted(vars(c)))
print(c._Base__secret, c._Child__helper())
try:
    c.__secret
except AttributeError:
    print("not visible from outside")
