"""Values of libraries: images, tables, arrays. They are known by what their type can do, so nothing is imported that the
code has not imported. On the way in, a library makes them again if it is there."""

import base64
import importlib
import io
import itertools
import math
import sys

PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = ("png", "jpeg", "svg")


def data(value, most):
    """A kind and its fields, the fields still Python's; (None, value) where a plain value says it all; None for the rest,
    which is also what has more than `most` items."""
    kind = type(value)

    def can(*names):
        return all(hasattr(kind, name) for name in names)

    if isinstance(value, type):
        return None
    if can("shape") and math.prod(value.shape) > most:
        return None
    if can("columns", "index", "iterrows"):
        return "table", table(value)
    if can("index", "dtype", "to_frame"):
        return "table", table(value.to_frame())
    if can("dtype", "shape", "ravel", "tolist"):
        return array(value) if can("__setitem__") or value.shape else plain(value)
    return image(value)


def table(value):
    whole = value.astype(object).where(value.notna(), None)
    return {"columns": list(value.columns), "index": list(value.index), "rows": [list(row) for row in whole.to_numpy()]}


def array(value):
    # A library's own moments become numbers of an unnamed unit.
    flat = value.astype(str) if getattr(value.dtype, "kind", None) in ("m", "M") else value
    return "array", {"dtype": str(value.dtype), "shape": list(value.shape), "items": flat.ravel().tolist()}


def plain(value):
    item = value.item()
    return None if type(item) is type(value) else (None, item)


def image(value):
    kind = type(value)
    if hasattr(kind, "savefig"):
        file = io.BytesIO()
        value.savefig(file, format="png")
        return picture("png", file.getvalue())
    for form in PICTURES:
        make = getattr(kind, f"_repr_{form}_", None)
        made = make(value) if make else None
        made = made[0] if isinstance(made, tuple) else made
        if made:
            return picture(form, made)
    return None


def picture(form, made):
    if isinstance(made, str):
        # By the notebooks' convention text is base64, except where the format itself is text.
        made = made.encode() if form == "svg" else base64.b64decode(made)
    return "image", {"format": form, "base64": base64.b64encode(made).decode()}


def text(encoded):
    """How an encoded image, or a list of them, is shown; None for anything else."""
    if type(encoded) is list and encoded:
        shown = list(itertools.takewhile(bool, map(text, encoded)))
        return f"[{', '.join(shown)}]" if len(shown) == len(encoded) else None
    if type(encoded) is not dict or encoded.get("__type__") != "image":
        return None
    head = base64.b64decode(encoded["base64"][:32])
    if not head.startswith(PNG):
        return f"<image: {encoded['format']}>"
    width, height = (int.from_bytes(head[start : start + 4], "big") for start in (16, 20))
    return f"<image: png, {width}x{height}>"


def shown_plots(value):
    """What a block gives that leaves plots open: the plots, if its value is nothing or a part of one. They are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return value
    if hasattr(type(value), "savefig"):
        pyplot.close(value)
    elif value is None or is_part_of_plot(value):
        figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
        pyplot.close("all")
        return figures[0] if len(figures) == 1 else figures or value
    return value


def is_part_of_plot(value):
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return type(first).__module__.startswith(("matplotlib.", "mpl_toolkits."))


def library(name):
    try:
        return importlib.import_module(name)
    except Exception:
        # Not there, or broken: a value is not to fail for that.
        return None


def to_image(content):
    pictures = library("PIL.Image")
    try:
        return pictures.open(io.BytesIO(content)) if pictures else content
    except Exception:
        return content


def to_table(columns, index, rows):
    pandas = library("pandas")
    return pandas.DataFrame(rows, index=index, columns=columns) if pandas else [dict(zip(columns, row)) for row in rows]


def to_array(dtype, shape, items):
    numpy = library("numpy")
    return numpy.array(items, dtype=dtype).reshape(shape) if numpy else nested(items, shape)


def nested(items, shape):
    """The flat items as lists in lists, or the one item of an array without dimensions."""
    if math.prod(shape) != len(items):
        raise ValueError(shape)
    if len(shape) < 2:
        return items if shape else items[0]
    size = math.prod(shape[1:])
    return [nested(items[start : start + size], shape[1:]) for start in range(0, len(items), size or 1)]
