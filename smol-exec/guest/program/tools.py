"""Tools as ordinary Python functions. A tool runs on the host: here it is a stub that binds its arguments by the tool's
JSON Schema, sends them, and returns or raises what comes back."""

import inspect
import keyword

from guest_values import decode, encode

ANNOTATIONS = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict}


class ToolError(RuntimeError):
    """A tool failed; the text is the tool's own."""

    __module__ = "builtins"


class Records(list):
    """A tool's list of records that are for reading: it prints as Markdown, and is a list in all else."""

    __module__ = "builtins"

    def __str__(self):
        return "\n\n".join(f"{number}. {lines(record)}" for number, record in enumerate(self, 1)) or "(nothing)"

    def __getitem__(self, key):
        found = super().__getitem__(key)
        return Records(found) if isinstance(key, slice) else found


def lines(record):
    return "\n   ".join(f"{name}: {value}" for name, value in record.items()) if isinstance(record, dict) else repr(record)


def make_tool(spec, call):
    """The function for one spec. `call(name, arguments)` gives {"ok": value} or {"error": text}."""
    name, schema = spec["name"], spec["input"]
    properties = schema.get("properties") or {}
    bind = binder(name, schema, properties)
    is_read = (spec.get("output") or {}).get("format") == "records"

    def tool(*args, **kwargs):
        arguments = bind(args, kwargs)
        reply = call(name, {key: encode(value) for key, value in arguments.items()})
        if "error" in reply:
            raise ToolError(reply["error"])
        value = decode(reply["ok"])
        return Records(value) if is_read and isinstance(value, list) else value

    tool.__name__ = tool.__qualname__ = name
    tool.__module__ = "__main__"
    tool.__doc__ = document(spec, properties)
    tool.__signature__ = signature(spec, properties)
    return tool


def binder(name, schema, properties):
    """A function from what the code wrote to the arguments by name, in the schema's order."""
    names = list(properties)
    keys = {python_name(key): key for key in names}
    required = schema.get("required") or []
    defaults = {key: value["default"] for key, value in properties.items() if is_optional(value)}
    takes_more = bool(schema.get("additionalProperties"))
    usage = f"{name}({', '.join(keys)})"

    def bind(args, kwargs):
        if len(args) > len(names):
            raise TypeError(f"`{name}` takes {len(names)} arguments but {len(args)} were given: use `{usage}`")
        bound = dict(zip(names, args))
        kwargs = {keys.get(key, key): value for key, value in kwargs.items()}
        for key in kwargs:
            if key in bound:
                raise TypeError(f"`{name}` got two values for the argument `{key}`: use `{usage}`")
            if key not in properties and not takes_more:
                raise TypeError(f"`{name}` has no argument `{key}`: use `{usage}`")
        bound = defaults | bound | kwargs
        missing = [f"`{key}`" for key in required if key not in bound]
        if missing:
            raise TypeError(f"`{name}` misses the argument{'s' * (len(missing) > 1)} {', '.join(missing)}: use `{usage}`")
        return {key: bound[key] for key in [*names, *kwargs] if key in bound}

    return bind


def python_name(key):
    """How code writes an argument whose name is no identifier: `from` as `from_`, `max-results` as `max_results`."""
    name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in key)
    name = f"_{name}" if not name or name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def is_optional(schema):
    return isinstance(schema, dict) and "default" in schema


def annotation(schema):
    kind = schema.get("type") if isinstance(schema, dict) else None
    return ANNOTATIONS.get(kind, inspect.Parameter.empty) if isinstance(kind, str) else inspect.Parameter.empty


def signature(spec, properties):
    required = spec["input"].get("required") or []
    parameters = []
    for key, schema in properties.items():
        absent = inspect.Parameter.empty if key in required else None
        default = schema["default"] if is_optional(schema) else absent
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        parameters.append(inspect.Parameter(python_name(key), kind, default=default, annotation=annotation(schema)))
    output = annotation(spec.get("output"))
    # Schemas may put a required argument after an optional one, which the check would refuse.
    return inspect.Signature(parameters, return_annotation=output, __validate_parameters__=False)


def document(spec, properties):
    lines = [f"    {python_name(key)}: {schema.get('description', '')}" for key, schema in properties.items() if isinstance(schema, dict)]
    return "\n".join([spec["description"], "", "Args:", *lines] if lines else [spec["description"]])
