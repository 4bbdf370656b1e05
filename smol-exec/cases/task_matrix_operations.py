# matrices as lists: product, transpose, determinant, inverse, power
from fractions import Fraction


def mul(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


def det(m):
    if len(m) == 1:
        return m[0][0]
    return sum((-1) ** c * m[0][c] * det([row[:c] + row[c + 1:] for row in m[1:]]) for c in range(len(m)))


def inverse(m):
    n = len(m)
    work = [[Fraction(v) for v in row] + [Fraction(i == j) for j in range(n)] for i, row in enumerate(m)]
    for i in range(n):
        pivot = next((r for r in range(i, n) if work[r][i]), None)
        if pivot is None:
            raise ValueError("singular")
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [v / work[i][i] for v in work[i]]
        for r in range(n):
            if r != i:
                work[r] = [v - work[r][i] * w for v, w in zip(work[r], work[i])]
    return [row[n:] for row in work]


def power(m, k):
    out = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while k:
        if k & 1:
            out = mul(out, m)
        m, k = mul(m, m), k >> 1
    return out


a = [[2, 1, 0], [1, 3, 1], [0, 1, 4]]
print(mul(a, [[1], [2], [3]]), det(a), [list(c) for c in zip(*[[1, 2, 3], [4, 5, 6]])])
for row in inverse(a):
    print("  ".join(f"{str(v):>6}" for v in row))
print(mul(a, inverse(a)) == power(a, 0), power([[1, 1], [1, 0]], 50)[0][1])
try:
    inverse([[1, 2], [2, 4]])
except ValueError as err:
    print(err)
print([row[::-1] for row in zip(*[[1, 2], [3, 4]])], sum(a[i][i] for i in range(3)))
