# count, cycle, repeat and the tools that cut them
from itertools import accumulate, chain, count, cycle, dropwhile, islice, repeat, takewhile
import operator

print(list(islice(count(10, 5), 4)), list(islice(count(0.5, 0.25), 3)))
print("".join(islice(cycle("abc"), 2, 9)))
print(list(repeat("x", 3)), list(map(pow, [2, 3, 4], repeat(2))))
print(list(takewhile(lambda n: n < 5, [1, 4, 6, 2])), list(dropwhile(lambda n: n < 5, [1, 4, 6, 2])))
print(list(accumulate([3, 1, 4, 1, 5])))
print(list(accumulate([3, 1, 4, 1, 5], max)), list(accumulate([1, 2, 3, 4], operator.mul, initial=10)))
print(list(chain("ab", [1], range(2))), list(chain.from_iterable(["xy", "z"])))
print(list(islice("abcdefgh", 1, None, 3)), list(islice("abc", 0)))
robin = cycle(["ann", "bob", "cy"])
print({task: next(robin) for task in ["sweep", "cook", "wash", "iron"]})
