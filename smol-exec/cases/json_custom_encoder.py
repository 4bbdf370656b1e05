# JSONEncoder subclasses, default, object_hook, parse_float, pairs hook
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction


class Encoder(json.JSONEncoder):
    def default(self, obj):
        if isinstance(obj, date):
            return {"__date__": obj.isoformat()}
        if isinstance(obj, (set, frozenset)):
            return sorted(obj)
        if isinstance(obj, complex):
            return [obj.real, obj.imag]
        return super().default(obj)


def revive(obj):
    if "__date__" in obj:
        return date.fromisoformat(obj["__date__"])
    return obj


text = json.dumps({"when": date(2024, 2, 29), "tags": {"b", "a"}, "z": 1 + 2j}, cls=Encoder)
print(text)
print(json.loads(text, object_hook=revive))
print(json.loads("[1.10, 2]", parse_float=Decimal, parse_int=Fraction))
print(json.loads('{"b": 1, "a": 2, "b": 3}', object_pairs_hook=list))
print(json.dumps([Decimal("1.5")], default=str), json.dumps(["é"], default=lambda o: 0))
try:
    json.dumps({"x": object()}, cls=Encoder)
except TypeError as err:
    print("TypeError", "object" in str(err))
print(list(json.JSONEncoder().iterencode([1, "a"])), json.JSONDecoder().raw_decode('{"a": 1} trailing'))
