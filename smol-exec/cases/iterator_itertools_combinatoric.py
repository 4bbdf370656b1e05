# product, permutations, combinations
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb, perm

print(["".join(p) for p in permutations("abc")])
print(list(permutations([1, 2, 3], 2)))
print(list(combinations("wxyz", 2)))
print(["".join(c) for c in combinations_with_replacement("ab", 3)])
print(list(product([0, 1], "xy")), len(list(product(range(3), repeat=4))))
print(list(product()), list(combinations([1], 2)), list(permutations([], 0)))
print(sum(1 for _ in permutations(range(6), 3)) == perm(6, 3), len(list(combinations(range(10), 4))) == comb(10, 4))
dice = [d for d in product(range(1, 7), repeat=2) if sum(d) == 9]
print(dice)
change = [c for n in range(1, 6) for c in combinations_with_replacement([5, 10, 20, 50], n) if sum(c) == 80]
print(len(change), min(change, key=len), change[-1])
