# dynamic programming: knapsack with item recovery, coin change, subset sum
from functools import cache

items = [("tent", 7, 9), ("food", 3, 8), ("lamp", 1, 3), ("books", 5, 4), ("rope", 2, 5)]


def knapsack(capacity):
    @cache
    def best(i, room):
        if i == len(items):
            return 0, ()
        name, weight, value = items[i]
        skip = best(i + 1, room)
        if weight > room:
            return skip
        rest, names = best(i + 1, room - weight)
        return max(skip, (rest + value, (name,) + names), key=lambda r: r[0])

    return best(0, capacity)


for capacity in (0, 4, 8, 13, 18):
    value, names = knapsack(capacity)
    print(capacity, value, ", ".join(names) or "-")


def ways(amount, coins):
    table = [1] + [0] * amount
    for coin in coins:
        for total in range(coin, amount + 1):
            table[total] += table[total - coin]
    return table[amount]


def fewest(amount, coins):
    best = {0: []}
    for total in range(1, amount + 1):
        options = [best[total - c] + [c] for c in coins if total - c in best]
        if options:
            best[total] = min(options, key=len)
    return best.get(amount)


print(ways(100, [1, 5, 10, 25, 50]), ways(7, [2, 4]), fewest(63, [1, 10, 21, 25]), fewest(3, [2]))
reach = {0}
for n in (3, 34, 4, 12, 5, 2):
    reach |= {r + n for r in reach}
print(9 in reach, 30 in reach, len(reach))
