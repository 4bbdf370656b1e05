# permutations, subsets and combinations written by hand
def permute(items):
    if not items:
        yield []
    for i, item in enumerate(items):
        for rest in permute(items[:i] + items[i + 1:]):
            yield [item] + rest


def subsets(items):
    if not items:
        return [[]]
    head, *tail = items
    without = subsets(tail)
    return without + [[head] + s for s in without]


def choose(items, k):
    if k == 0:
        return [()]
    return [(items[i],) + rest for i in range(len(items)) for rest in choose(items[i + 1:], k - 1)]


def next_perm(p):
    p = list(p)
    i = len(p) - 2
    while i >= 0 and p[i] >= p[i + 1]:
        i -= 1
    if i < 0:
        return None
    j = max(k for k in range(i + 1, len(p)) if p[k] > p[i])
    p[i], p[j] = p[j], p[i]
    return p[:i + 1] + p[:i:-1]


print(["".join(p) for p in permute(list("abc"))], sum(1 for _ in permute(list(range(6)))))
print(sorted(subsets([1, 2, 3]), key=lambda s: (len(s), s)))
print(choose("wxyz", 3), len(choose(range(9), 4)))
p, seen = [1, 1, 2], []
while p:
    seen.append(p)
    p = next_perm(p)
print(seen, next_perm([1, 3, 2]))
print([s for s in subsets([3, 34, 4, 12, 5, 2]) if sum(s) == 9])
