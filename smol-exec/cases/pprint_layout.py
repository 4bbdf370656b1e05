# pprint of nested structures
from dataclasses import dataclass
from pprint import pformat, pprint


@dataclass
class Spot:
    name: str
    at: tuple


data = {
    "zebra": [1, 2, 3],
    "apple": {"colour": "red", "sizes": list(range(12)), "origin": ("Spain", "Chile", "New Zealand")},
    "long": "word " * 20,
    "set": {3, 1, 2},
}
pprint(data)
pprint(data, width=200, sort_dicts=False)
pprint([["deep", ["deeper", ["deepest", [1]]]]], depth=2)
pprint(list(range(30)), width=40, compact=True)
print(pformat({"b": 1, "a": (1,)}), pformat("short"), pformat([]))
pprint(Spot("here is a rather long name for a spot", (1, 2, "another rather long text")))
pprint({"big": 123456789, "n": 1}, underscore_numbers=True)
