# types: namespaces, proxies, dynamic classes, function types
import types

ns = types.SimpleNamespace(a=1, b=[2])
ns.c = ns.a + 1
del ns.a
print(ns, ns == types.SimpleNamespace(b=[2], c=2), vars(ns))
settings = {"depth": 3}
view = types.MappingProxyType(settings)
settings["mode"] = "fast"
print(view, view["mode"], len(view), view | {"x": 1})
try:
    view["depth"] = 4
except TypeError:
    print("the view is read only")
Dyn = types.new_class("Dyn", (dict,), {}, lambda body: body.update(hello=lambda self: "hi " + self["who"]))
print(Dyn(who="you").hello(), Dyn.__name__, Dyn.__mro__[1].__name__)
kinds = {"FunctionType": lambda: 0, "GeneratorType": (i for i in ()), "BuiltinFunctionType": len, "ModuleType": types, "MethodType": ns.b.append, "NoneType": None}
print({k: isinstance(v, getattr(types, k)) for k, v in kinds.items()})


def greet(self):
    return f"greet {self.c}"


ns.greet = types.MethodType(greet, ns)
print(ns.greet(), types.MethodType(max, 3)(5))
clone = types.FunctionType(greet.__code__, {}, "clone")
print(clone(ns), clone.__name__)
module = types.ModuleType("made_up", "doc text")
exec("x = 6 * 7", module.__dict__)
print(module.x, module.__name__, module.__doc__, types.GenericAlias(list, (int,)) == list[int], isinstance(5, types.UnionType), isinstance(int | str, types.UnionType))
