# heapq, bisect and array
import bisect
import heapq
from array import array

h = []
for n in [5, 1, 8, 3, 9, 2]:
    heapq.heappush(h, n)
print(h[0], [heapq.heappop(h) for _ in range(3)], heapq.heappushpop(h, 0), heapq.heapreplace(h, 7), sorted(h))
data = [9, 4, 7, 1, 8]
heapq.heapify(data)
print(data[0], heapq.nlargest(2, data), heapq.nsmallest(2, ["pear", "fig", "apple"], key=len))
print(list(heapq.merge([1, 4], [2, 3], [0, 9])), list(heapq.merge("db", "ca", reverse=True)))
jobs = [(2, "write"), (1, "plan"), (3, "rest"), (1, "read")]
heapq.heapify(jobs)
print([heapq.heappop(jobs)[1] for _ in range(4)])
grades = [60, 70, 80, 90]
print(["FDCBA"[bisect.bisect(grades, s)] for s in (33, 60, 79.9, 90, 100)])
xs = [1, 3, 3, 5]
print(bisect.bisect_left(xs, 3), bisect.bisect_right(xs, 3), bisect.bisect_left(xs, 9), bisect.bisect([("a", 1), ("c", 2)], "b", key=lambda t: t[0]))
bisect.insort(xs, 4)
bisect.insort_left(xs, 0)
print(xs)
a = array("i", [3, 1, 2])
a.append(10)
a.extend([5])
a[0] = -3
print(a, a.typecode, a.itemsize, sum(a), a[1:3], a.index(10), a.tolist()[::-1])
d = array("d", [0.5, 1])
print(d, array("B", b"AB").tobytes(), array("B", [1, 2]) + array("B", [3]), d.count(0.5))
for bad in (lambda: array("B", [256]), lambda: array("i", [1.5])):
    try:
        bad()
    except (OverflowError, TypeError) as err:
        print(type(err).__name__)
