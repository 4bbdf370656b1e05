"""Runs in the sandbox: a package `smolagents` with what tools are made of, and the tool of one file.

`given()` is a tool of the sandbox: its value is what the host hands over next, with pictures and the like as Python has
them, and no quoting on the way.
"""

import inspect
import linecache
import sys
import types

FILE = "tool.py"


class Tool:
    """What a tool's class derives from."""

    name = description = output_type = output_schema = None
    inputs = {}
    is_initialized = False

    def __init__(self, *args, **kwargs):
        self.is_initialized = False

    def setup(self):
        self.is_initialized = True

    def forward(self, *args, **kwargs):
        raise NotImplementedError("the tool has no method `forward`")

    def __call__(self, *args, **kwargs):
        if not self.is_initialized:
            self.setup()
            self.is_initialized = True
        return self.forward(*args, **kwargs)


def tool(function):
    """Makes a tool of a function, which stays as it is."""
    made = Tool()
    made.name, made.description = function.__name__, inspect.getdoc(function)
    made.forward, made.__wrapped__ = function, function
    return made


def missing(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise ImportError(f"`smolagents.{name}` is not here: a tool in a sandbox has `Tool` and `tool` of it")


def provide():
    """Puts the package where imports find it."""
    package = types.ModuleType("smolagents")
    package.__path__ = []
    package.tools = types.ModuleType("smolagents.tools")
    for module in (package, package.tools):
        module.Tool, module.tool, module.__getattr__ = Tool, tool, missing
        sys.modules[module.__name__] = module


def load(source, name):
    """The tool that the class or function `name` of the file makes."""
    linecache.cache[FILE] = len(source), None, source.splitlines(keepends=True), FILE
    module = types.ModuleType("tool")
    module.__file__ = FILE
    sys.modules["tool"] = module
    exec(compile(source, FILE, "exec", dont_inherit=True), module.__dict__)
    made = getattr(module, name)
    return made() if isinstance(made, type) else made


def use(made, output_type, arguments):
    """One call. What the tool gives as a tuple or set is a list where it said so."""
    result = made(**arguments)
    return list(result) if output_type == "array" and isinstance(result, (tuple, set, frozenset)) else result
