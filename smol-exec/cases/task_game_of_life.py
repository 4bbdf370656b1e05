# Conway's game of life on an unbounded plane
from collections import Counter
from itertools import product


def step(cells):
    near = Counter((x + dx, y + dy) for x, y in cells for dx, dy in product((-1, 0, 1), repeat=2) if dx or dy)
    return {c for c, n in near.items() if n == 3 or n == 2 and c in cells}


def parse(text):
    return {(x, y) for y, row in enumerate(text.split("/")) for x, ch in enumerate(row) if ch == "o"}


def draw(cells):
    xs, ys = [x for x, _ in cells], [y for _, y in cells]
    return ["".join("o" if (x, y) in cells else "." for x in range(min(xs), max(xs) + 1)) for y in range(min(ys), max(ys) + 1)]


glider = parse(".o./..o/ooo")
for generation in range(4):
    print(generation, *draw(glider))
    glider = step(glider)
print(sorted(glider) == sorted((x + 1, y + 1) for x, y in parse(".o./..o/ooo")))
blinker = parse("ooo")
print(draw(blinker), draw(step(blinker)), step(step(blinker)) == blinker)
block = parse("oo/oo")
print(step(block) == block, step({(0, 0)}))
cells, sizes = parse(".oo/oo./.o."), []
for _ in range(60):
    sizes.append(len(cells))
    cells = step(cells)
print(sizes[:12], sizes[-1], max(sizes))
