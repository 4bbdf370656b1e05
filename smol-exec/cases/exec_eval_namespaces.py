# compile, exec, eval with explicit namespaces; dynamic definitions
env = {"base": 10}
exec("""
def scale(x, *, by=base):
    return x * by
class Box:
    items = [scale(i) for i in (1, 2)]
total = sum(Box.items)
""", env)
print(env["total"], env["scale"](3, by=2), sorted(k for k in env if not k.startswith("_")))
local = {}
exec("y = x + 1\nz = [y] * 2", {"x": 4}, local)
print(local)
code = compile("a ** 2 + b", "<formula>", "eval")
print([eval(code, {"a": a, "b": 1}) for a in range(4)], code.co_names)
for source in ("1 +", "def f(:", "x = (1", "for", "  indented = 1", "'open", "return 5", "a b"):
    try:
        compile(source, "<bad>", "exec")
    except SyntaxError as err:
        print(repr(source), type(err).__name__, err.lineno)
ns = {}
exec("global_value = 1\ndef get(): return global_value", ns)
ns["global_value"] = "changed"
print(ns["get"](), eval("(lambda n: n if n < 2 else n * 2)(5)"), "__builtins__" in ns)
try:
    eval("missing + 1", {"__builtins__": {}})
except NameError as err:
    print(err)
