# print aligned tables with automatic widths, alignment and markdown
def table(rows, headers, markdown=False):
    cells = [[f"{c:,.2f}" if isinstance(c, float) else "" if c is None else str(c) for c in row] for row in rows]
    widths = [max(map(len, col)) for col in zip(headers, *cells)]
    right = [all(isinstance(r[i], (int, float, type(None))) for r in rows) for i in range(len(headers))]

    def line(values, sep):
        return sep.join(v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values, widths, right))

    if markdown:
        yield f"| {line(headers, ' | ')} |"
        yield "|" + "|".join("-" * (w + 1) + (":" if r else "-") for w, r in zip(widths, right)) + "|"
        yield from (f"| {line(row, ' | ')} |" for row in cells)
        return
    yield line(headers, "  ").rstrip()
    yield "  ".join("-" * w for w in widths)
    for row in cells:
        yield line(row, "  ").rstrip()


rows = [
    ("Norway", 5_400_000, 385207.0, "Oslo"),
    ("Malta", 520_000, 316.0, None),
    ("Peru", 33_000_000, None, "Lima"),
]
print(*table(rows, ["Country", "People", "km2", "Capital"]), sep="\n")
print()
print(*table(rows[:2], ["Country", "People", "km2", "Capital"], markdown=True), sep="\n")
print("+" + "+".join("-" * 5 for _ in range(3)) + "+")
for r in range(1, 4):
    print("|" + "|".join(f"{r * c:^5}" for c in range(1, 4)) + "|")
