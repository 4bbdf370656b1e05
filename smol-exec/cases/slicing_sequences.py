# slices: steps, negatives, out of range, assignment, deletion, slice objects
s = "abcdefghij"
print(s[2:5], s[:3], s[-3:], s[::3], s[::-1], s[8:2:-2], s[5:2], s[-100:100])
print(s[-1], s[:-1][-1], s[None:None:2], s[1:1] == "")
n = list(range(10))
n[2:5] = ["x"]
print(n)
n[1:1] = [-1, -2]
print(n)
n[::2] = [0] * len(n[::2])
print(n)
del n[::3]
print(n)
n[:] = n[-2:]
print(n, n * 2)
try:
    n[::2] = [1, 2, 3]
except ValueError:
    print("extended slice needs equal size")
mid = slice(2, -2)
print(s[mid], list(range(8))[mid], (1, 2, 3, 4, 5)[mid], mid.start, mid.step, mid.indices(10))
print(range(10)[2:8:3], range(0, 100, 7)[-1], list(range(5, -5, -4)), slice(1, 2) == slice(1, 2))


class Show:
    def __getitem__(self, key):
        return key


print(Show()[1:2, ::3, ...], Show()[5], Show()["a":"b"])
