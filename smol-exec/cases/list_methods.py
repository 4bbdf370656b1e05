# every list method, aliasing and copying
a = [3, 1, 4, 1, 5]
a.append(9)
a.extend((2, 6))
a.insert(0, "first")
a.insert(-1, "near end")
a.insert(99, "end")
print(a)
print(a.pop(), a.pop(0), a.count(1), a.index(1), a.index(1, 3))
a.remove("near end")
a.sort()
print(a)
a.sort(key=lambda v: (v % 3, -v))
print(a)
a.reverse()
print(a, a.copy() == a, a.copy() is a)
grid = [[0] * 3 for _ in range(2)]
shared = [[0] * 3] * 2
grid[0][1] = shared[0][1] = 7
print(grid, shared)
b = a
b += [100]
print(a[-1], a is b, [1, 2] + [3], [1, [2]] == [1, [2]], [1, 2] < [1, 3], [2] > [1, 9, 9])
a.clear()
print(b, bool(b), [None] * 2, list("abc"), list({"k": 1}), [] == list())
nested = [1]
nested.append(nested)
print(nested, nested[1][1][0])
