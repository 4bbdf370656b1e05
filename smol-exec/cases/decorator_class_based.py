# decorators as classes, decorating methods and classes
import functools


class CountCalls:
    def __init__(self, func):
        functools.update_wrapper(self, func)
        self.func, self.calls = func, 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self.func(*args, **kwargs)

    def __get__(self, obj, owner=None):
        return self if obj is None else functools.partial(self, obj)


class Retry:
    def __init__(self, times, *errors):
        self.times, self.errors = times, errors

    def __call__(self, func):
        @functools.wraps(func)
        def inner(*args):
            for attempt in range(1, self.times + 1):
                try:
                    return func(*args, attempt)
                except self.errors as err:
                    print(f"attempt {attempt}: {err}")
            return "gave up"
        return inner


def add_repr(cls):
    cls.__repr__ = lambda self: f"{cls.__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"
    return cls


@add_repr
class Till:
    def __init__(self, start):
        self.cash = start

    @CountCalls
    def pay(self, amount):
        self.cash += amount
        return self.cash


@Retry(3, ValueError)
def fetch(need, attempt):
    if attempt < need:
        raise ValueError(f"need {need}")
    return f"ok after {attempt}"


t = Till(10)
print(t.pay(5), t.pay(amount=7), Till.pay.calls, Till.pay.__name__)
print(t)
print(fetch(2), "|", fetch(9))
