# hand written iterators, sentinel iter, and old style __getitem__ iteration
class Fib:
    def __init__(self, limit):
        self.a, self.b, self.limit = 0, 1, limit

    def __iter__(self):
        return self

    def __next__(self):
        if self.a > self.limit:
            raise StopIteration
        value, self.a, self.b = self.a, self.b, self.a + self.b
        return value


class Letters:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return "wxyz"[index]


class Replayable:
    def __iter__(self):
        return iter([1, 2, 3])


f = Fib(50)
print(list(f), list(f))
print(list(Letters()), "y" in Letters(), [*zip(Letters(), Replayable())])
r = Replayable()
print(sum(r), sum(r), max(r))
tape = iter("3 1 4 stop 1 5".split())
print(list(iter(lambda: next(tape), "stop")), list(tape))
a, *_, z = Fib(20)
print(a, z)
it = iter([10, 20, 30])
print([(x, next(it, None)) for x in it])
print(it.__length_hint__(), iter([1, 2]).__length_hint__())
