"""Python values as JSON and back. What JSON lacks is a tagged object, `{"__type__": "set", "items": [...]}`; what no tag
covers goes as its `repr`. Encoding never hangs or overflows: too deep, too large or cyclic values go as a short `repr`."""

import base64
import collections
import dataclasses
import datetime
import decimal
import fractions
import math
import pathlib
import reprlib

import guest_foreign as foreign

TAG = "__type__"
# Deep enough for data, and three JSON levels each stay below the 128 that the host's parser takes.
MAX_DEPTH = 40
MAX_NODES = 1_000_000
MAX_CHARACTERS = 16_000_000
MAX_SHORT = 4_000
SMALLEST, LARGEST = -(2**63), 2**64 - 1


class Unfit(Exception):
    """The value is too deep or too large to go as data."""


def encode(value):
    """`value` as what `json.dumps` takes without loss."""
    try:
        return Encoder().encode(value, 0)
    except Exception:
        # Unfit, out of memory, or the value's own methods failed.
        return tagged("repr", text=short(value))


def tagged(kind, **fields):
    return {TAG: kind, **fields}


def show(value, how=repr):
    """`repr` of anything (or `str`), also where its own `__repr__` fails."""
    try:
        return how(value)
    except Exception as error:
        return f"<{type(value).__qualname__} object, whose text could not be made: {type(error).__name__}>"


class Short(reprlib.Repr):
    """A `repr` that looks at no more than the beginning of anything."""

    def __init__(self):
        super().__init__()
        self.maxlevel, self.maxlong, self.maxstring, self.maxother = 3, 200, 1000, 1000
        self.maxdict = self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = 20


def short(value):
    text = show(value, Short().repr)
    return text if len(text) <= MAX_SHORT else text[:MAX_SHORT] + "..."


class Encoder:
    """One walk over one value, which counts what it takes."""

    def __init__(self):
        self.nodes = self.characters = 0

    def encode(self, value, depth):
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise Unfit
        kind = type(value)
        method = BY_TYPE.get(kind) or next((BY_TYPE[base] for base in kind.__mro__ if base in BY_TYPE), None)
        if method:
            return method(self, value, depth + 1)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self.dataclass(value, depth + 1)
        return self.foreign(value, depth + 1)

    def foreign(self, value, depth):
        try:
            kind, fields = foreign.data(value, MAX_NODES) or ("repr", {"text": show(value)})
        except Exception:
            kind, fields = "repr", {"text": show(value)}
        if kind is None:
            return self.encode(fields, depth)
        return tagged(kind, **{name: self.encode(field, depth) for name, field in fields.items()})

    def same(self, value, depth):
        return value

    def text(self, value, depth):
        self.characters += len(value)
        if self.characters > MAX_CHARACTERS:
            raise Unfit
        return str.__str__(value)

    def integer(self, value, depth):
        if SMALLEST <= value <= LARGEST:
            return int.__int__(value)
        # Hexadecimal has no limit on digits, as the decimal form has.
        return tagged("bigint", text=self.text(hex(value), depth))

    def float(self, value, depth):
        return float.__float__(value) if math.isfinite(value) else tagged("float", text=repr(float(value)))

    def items(self, values, depth):
        return [self.encode(value, depth) for value in values]

    def list(self, value, depth):
        if is_plain(value):
            self.nodes += len(value)
            if self.nodes > MAX_NODES:
                raise Unfit
            return value
        return self.items(value, depth)

    def dict(self, value, depth):
        if TAG not in value and all(type(key) is str for key in value):
            return {self.text(key, depth): self.encode(item, depth) for key, item in value.items()}
        return tagged("dict", items=[[self.encode(key, depth), self.encode(item, depth)] for key, item in value.items()])

    def dataclass(self, value, depth):
        fields = {field.name: self.encode(getattr(value, field.name), depth) for field in dataclasses.fields(value)}
        return tagged("dataclass", name=type(value).__qualname__, fields=fields)

    def as_items(kind):
        return lambda self, value, depth: tagged(kind, items=self.items(value, depth))

    def as_text(kind, form):
        return lambda self, value, depth: tagged(kind, text=self.text(form(value), depth))

    def bytes(self, value, depth):
        return tagged("bytes", base64=self.text(base64.b64encode(value).decode(), depth))

    def complex(self, value, depth):
        return tagged("complex", real=self.float(value.real, depth), imag=self.float(value.imag, depth))

    def timedelta(self, value, depth):
        return tagged("timedelta", days=value.days, seconds=value.seconds, microseconds=value.microseconds)


BY_TYPE = {
    type(None): Encoder.same,
    bool: Encoder.same,
    int: Encoder.integer,
    float: Encoder.float,
    str: Encoder.text,
    list: Encoder.list,
    dict: Encoder.dict,
    tuple: Encoder.as_items("tuple"),
    set: Encoder.as_items("set"),
    frozenset: Encoder.as_items("frozenset"),
    collections.deque: Encoder.items,
    bytes: Encoder.bytes,
    bytearray: Encoder.bytes,
    complex: Encoder.complex,
    datetime.datetime: Encoder.as_text("datetime", lambda value: value.isoformat()),
    datetime.date: Encoder.as_text("date", datetime.date.isoformat),
    datetime.time: Encoder.as_text("time", datetime.time.isoformat),
    datetime.timedelta: Encoder.timedelta,
    decimal.Decimal: Encoder.as_text("decimal", str),
    fractions.Fraction: Encoder.as_text("fraction", str),
    pathlib.PurePath: Encoder.as_text("path", str),
}


def is_plain(values):
    """Whether a list holds nothing but numbers and such that go as they are: then it needs no walk."""
    kinds = set(map(type, values))
    if not kinds <= {type(None), bool, int, float}:
        return False
    if float in kinds and not all(math.isfinite(value) for value in values if type(value) is float):
        return False
    numbers = [value for value in values if type(value) is int] if int in kinds else [0]
    return SMALLEST <= min(numbers) and max(numbers) <= LARGEST


def decode(value):
    """The Python value that `encode` made `value` from, as near as it can be had."""
    if type(value) is list:
        return [decode(item) for item in value]
    if type(value) is not dict:
        return value
    make = FROM_TAG.get(value.get(TAG)) if isinstance(value.get(TAG), str) else None
    try:
        return make(value) if make else {key: decode(item) for key, item in value.items()}
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError):
        # A tag of someone else's data: it stays what it is.
        return value


def items(value):
    return (decode(item) for item in value["items"])


FROM_TAG = {
    "tuple": lambda value: tuple(items(value)),
    "set": lambda value: set(items(value)),
    "frozenset": lambda value: frozenset(items(value)),
    "dict": lambda value: {decode(key): decode(item) for key, item in value["items"]},
    "bytes": lambda value: base64.b64decode(value["base64"], validate=True),
    "complex": lambda value: complex(decode(value["real"]), decode(value["imag"])),
    "datetime": lambda value: datetime.datetime.fromisoformat(value["text"]),
    "date": lambda value: datetime.date.fromisoformat(value["text"]),
    "time": lambda value: datetime.time.fromisoformat(value["text"]),
    "timedelta": lambda value: datetime.timedelta(value["days"], value["seconds"], value["microseconds"]),
    "decimal": lambda value: decimal.Decimal(value["text"]),
    "fraction": lambda value: fractions.Fraction(value["text"]),
    "path": lambda value: pathlib.PurePosixPath(value["text"]),
    "float": lambda value: float(value["text"]),
    "bigint": lambda value: int(value["text"], 16),
    "image": lambda value: foreign.to_image(base64.b64decode(value["base64"], validate=True)),
    "table": lambda value: foreign.to_table(*(decode(value[field]) for field in ("columns", "index", "rows"))),
    "array": lambda value: foreign.to_array(value["dtype"], value["shape"], decode(value["items"])),
    "dataclass": lambda value: {key: decode(item) for key, item in value["fields"].items()},
    "repr": lambda value: value["text"],
}
