# mapping patterns: partial matches, rest, nested
def handle(event):
    match event:
        case {"type": "click", "pos": (x, y), **rest} if not rest:
            return f"click {x},{y}"
        case {"type": "click", "pos": [x, y], "button": button}:
            return f"{button} click {x},{y}"
        case {"type": "key", "key": str(key), "mods": ["ctrl", *others]}:
            return f"ctrl+{'+'.join([*others, key])}"
        case {"type": "key", "key": key}:
            return f"key {key!r}"
        case {"user": {"name": name, "tags": [_, _, *_] as tags}}:
            return f"{name} has {len(tags)}"
        case {"error": int(code) | {"code": code}}:
            return f"error {code}"
        case {}:
            return f"unknown with {len(event)} keys"
        case _:
            return "not a mapping"


for event in [
    {"type": "click", "pos": (1, 2)},
    {"type": "click", "pos": [3, 4], "button": "left"},
    {"type": "key", "key": "c", "mods": ["ctrl", "alt"]},
    {"type": "key", "key": 27},
    {"user": {"name": "Bo", "tags": ["a", "b", "c"], "id": 1}},
    {"error": 404},
    {"error": {"code": "E7"}},
    {"what": 1, "ever": 2},
    {},
    [("type", "click")],
]:
    print(handle(event))
