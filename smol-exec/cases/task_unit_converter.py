# unit conversion by searching a graph of factors
from collections import deque
from fractions import Fraction

FACTORS = [("km", "m", "1000"), ("m", "cm", "100"), ("in", "cm", "2.54"), ("ft", "in", "12"), ("mile", "ft", "5280"), ("kg", "g", "1000"), ("lb", "g", "453.59237"), ("h", "min", "60"), ("min", "s", "60")]

graph = {}
for a, b, f in FACTORS:
    graph.setdefault(a, {})[b] = Fraction(f)
    graph.setdefault(b, {})[a] = 1 / Fraction(f)


def convert(value, source, target):
    seen, queue = {source: Fraction(str(value))}, deque([source])
    while queue:
        unit = queue.popleft()
        for other, f in graph[unit].items():
            if other not in seen:
                seen[other] = seen[unit] * f
                queue.append(other)
    if target not in seen:
        raise ValueError(f"cannot turn {source} into {target}")
    return seen[target]


for line in ["26.2 mile km", "180 cm ft", "1 km in", "5 lb kg", "2.5 h s", "3 kg h", "1 parsec m"]:
    value, source, target = line.split()
    try:
        result = convert(value, source, target)
        print(f"{value} {source} = {float(result):.6g} {target} ({result})")
    except ValueError as err:
        print("error:", err)
    except KeyError as err:
        print("unknown unit", err)
feet, inches = divmod(convert(1.83, "m", "in"), 12)
print(f"{feet}'{round(inches)}\"", convert(convert("7", "mile", "cm"), "cm", "mile") == 7)
