"""The list of modules that code may import. It binds the user's own imports, not those that a library makes for itself,
and it is a rule for the model to follow, not a wall: the wall is around the whole interpreter."""

import builtins
import importlib
import sys
import types


def restrict(namespace, allowed):
    """Makes every import from `namespace` check `allowed`, submodules of an allowed package included."""

    def is_allowed(name):
        return any(name == entry or name.startswith(entry + ".") for entry in allowed)

    def refuse(name):
        listed = ", ".join(f"`{entry}`" for entry in allowed) or "none"
        raise ImportError(f"importing `{name}` is not authorised. Authorised imports: {listed}", name=name)

    def check(name, members=()):
        if not is_allowed(name) and not (members and all(is_allowed(f"{name}.{member}") for member in members)):
            refuse(name)

    def guarded_import(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0:
            check(name, fromlist or ())
        return builtins.__import__(name, globals, locals, fromlist, level)

    def guarded_import_module(name, package=None):
        if sys._getframe(1).f_globals.get("__name__") == namespace["__name__"]:
            check(name)
        return import_module(name, package)

    import_module = importlib.import_module
    importlib.import_module = guarded_import_module
    own = types.ModuleType("builtins")
    own.__dict__.update(vars(builtins), __import__=guarded_import)
    namespace["__builtins__"] = own
