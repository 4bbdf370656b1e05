# classic sorting algorithms against sorted()
import random


def bubble(a):
    a = a[:]
    for end in range(len(a), 1, -1):
        for i in range(1, end):
            if a[i - 1] > a[i]:
                a[i - 1], a[i] = a[i], a[i - 1]
    return a


def insertion(a):
    out = []
    for x in a:
        i = len(out)
        while i and out[i - 1] > x:
            i -= 1
        out.insert(i, x)
    return out


def quick(a):
    if len(a) < 2:
        return a
    pivot = a[len(a) // 2]
    return quick([x for x in a if x < pivot]) + [x for x in a if x == pivot] + quick([x for x in a if x > pivot])


def merge_sort(a):
    if len(a) < 2:
        return a
    mid = len(a) // 2
    left, right, out = merge_sort(a[:mid]), merge_sort(a[mid:]), []
    while left and right:
        out.append((left if left[0] <= right[0] else right).pop(0))
    return out + left + right


def counting(a):
    counts = [0] * (max(a, default=0) + 1)
    for x in a:
        counts[x] += 1
    return [x for x, n in enumerate(counts) for _ in range(n)]


random.seed(11)
data = [random.randrange(50) for _ in range(12)]
print(data)
for f in (bubble, insertion, quick, merge_sort, counting):
    checks = [f(list(c)) == sorted(c) for c in ([], [1], [2, 1], [3, 3, 3], range(20), range(20, 0, -1))]
    print(f"{f.__name__:10}", f(data) == sorted(data), all(checks), f(data)[:5])
