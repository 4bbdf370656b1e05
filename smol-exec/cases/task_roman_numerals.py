# roman numerals both ways, with validation
PAIRS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def to_roman(n):
    if not 0 < n < 4000:
        raise ValueError(f"{n} is out of range")
    out = ""
    for value, text in PAIRS:
        count, n = divmod(n, value)
        out += text * count
    return out


def from_roman(text):
    values = dict((t, v) for v, t in PAIRS)
    total = 0
    for this, following in zip(text, text[1:] + " "):
        v = values[this]
        total += -v if following != " " and values[following] > v else v
    if to_roman(total) != text:
        raise ValueError(f"{text} is not canonical, try {to_roman(total)}")
    return total


for n in (1, 4, 49, 444, 1994, 2024, 3999):
    print(n, to_roman(n), from_roman(to_roman(n)))
print(all(from_roman(to_roman(n)) == n for n in range(1, 4000)), max(range(1, 4000), key=lambda n: len(to_roman(n))))
for bad in ("IIII", "VX", "ABC", 0):
    try:
        print(from_roman(bad) if isinstance(bad, str) else to_roman(bad))
    except (ValueError, KeyError) as err:
        print(type(err).__name__, err)
