# binary search variants
def search(items, target):
    low, high, steps = 0, len(items) - 1, 0
    while low <= high:
        steps += 1
        mid = (low + high) // 2
        if items[mid] == target:
            return mid, steps
        if items[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1, steps


def first_true(low, high, test):
    while low < high:
        mid = (low + high) // 2
        if test(mid):
            high = mid
        else:
            low = mid + 1
    return low


def rotated_min(a):
    return a[first_true(0, len(a) - 1, lambda i: a[i] <= a[-1])]


def root(f, low, high, eps=1e-9):
    while high - low > eps:
        mid = (low + high) / 2
        if f(low) * f(mid) <= 0:
            high = mid
        else:
            low = mid
    return (low + high) / 2


squares = [n * n for n in range(100)]
for t in (0, 2401, 9801, 50):
    print(t, *search(squares, t))
print(first_true(0, 10 ** 9, lambda n: n * n >= 2 * 10 ** 12), rotated_min([7, 8, 9, 1, 2, 5]), rotated_min([1, 2]))
print(round(root(lambda x: x ** 3 - x - 2, 1, 2), 6), search([], 3))
packages = [3, 2, 2, 4, 1, 4]


def days(capacity):
    used, load = 1, 0
    for p in packages:
        if load + p > capacity:
            used, load = used + 1, 0
        load += p
    return used


print([first_true(max(packages), sum(packages), lambda c: days(c) <= d) for d in range(1, 7)])
