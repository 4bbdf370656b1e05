# __init_subclass__ with keyword arguments, and __class_getitem__
class Plugin:
    known = {}

    def __init_subclass__(cls, /, command=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.command = command or cls.__name__.lower()
        Plugin.known[cls.command] = cls

    def __class_getitem__(cls, name):
        return cls.known[name]()

    def run(self, arg):
        raise NotImplementedError(type(self).__name__)


class Upper(Plugin):
    def run(self, arg):
        return arg.upper()


class Repeat(Plugin, command="rep"):
    def run(self, arg):
        return arg * 2


class Unfinished(Plugin):
    pass


print(list(Plugin.known))
for line in ["upper:abc", "rep:xy", "unfinished:q", "nope:z"]:
    name, arg = line.split(":")
    try:
        print(name, "->", Plugin[name].run(arg))
    except KeyError as err:
        print("unknown", err)
    except NotImplementedError as err:
        print("not implemented by", err)
