# a sudoku solved by constraint search
from itertools import product

PUZZLE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"

UNITS = (
    [[(r, c) for c in range(9)] for r in range(9)]
    + [[(r, c) for r in range(9)] for c in range(9)]
    + [[(r + i, c + j) for i in range(3) for j in range(3)] for r in (0, 3, 6) for c in (0, 3, 6)]
)
PEERS = {cell: {p for u in UNITS if cell in u for p in u} - {cell} for cell in product(range(9), repeat=2)}


def solve(grid):
    guesses = 0

    def options(cell):
        return [d for d in "123456789" if all(grid.get(p) != d for p in PEERS[cell])]

    def search():
        nonlocal guesses
        empty = [c for c in PEERS if c not in grid]
        if not empty:
            return True
        cell = min(empty, key=lambda c: (len(options(c)), c))
        choices = options(cell)
        guesses += len(choices) > 1
        for digit in choices:
            grid[cell] = digit
            if search():
                return True
            del grid[cell]
        return False

    return search(), guesses


grid = {divmod(i, 9): ch for i, ch in enumerate(PUZZLE) if ch != "."}
print(len(grid), len(PEERS[0, 0]), len(UNITS))
print(solve(grid))
for r in range(9):
    print(" ".join(grid[r, c] + (" |" if c in (2, 5) else "") for c in range(9)))
    if r in (2, 5):
        print("------+-------+------")
print(all({grid[c] for c in unit} == set("123456789") for unit in UNITS))
