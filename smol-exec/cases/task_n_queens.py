# n queens by backtracking, with a drawn board
def queens(n):
    solutions = []

    def place(row, cols, down, up, board):
        if row == n:
            solutions.append(tuple(board))
            return
        for c in range(n):
            if c in cols or row + c in up or row - c in down:
                continue
            place(row + 1, cols | {c}, down | {row - c}, up | {row + c}, board + [c])

    place(0, frozenset(), frozenset(), frozenset(), [])
    return solutions


for n in range(1, 8):
    print(n, len(queens(n)))
first = queens(6)[0]
print(first)
for col in first:
    print(" ".join("Q" if c == col else "." for c in range(6)))


def canonical(board):
    n = len(board)
    forms = []
    for b in (board, board[::-1]):
        for _ in range(4):
            forms.append(b)
            b = tuple(n - 1 - b.index(c) for c in range(n))
    return min(forms)


print("distinct 6:", len({canonical(b) for b in queens(6)}), "distinct 7:", len({canonical(b) for b in queens(7)}))
