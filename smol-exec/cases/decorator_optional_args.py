# a decorator usable both bare and with arguments, and one that checks types
import functools
import inspect


def memo(func=None, *, log=False):
    if func is None:
        return functools.partial(memo, log=log)
    cache = {}

    @functools.wraps(func)
    def wrapper(*args):
        if args not in cache:
            if log:
                print("compute", args)
            cache[args] = func(*args)
        return cache[args]

    wrapper.cache = cache
    return wrapper


@memo
def square(x):
    return x * x


@memo(log=True)
def add(a, b):
    return a + b


def checked(func):
    sig = inspect.signature(func)

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        bound = sig.bind(*args, **kwargs)
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            want = sig.parameters[name].annotation
            if want is not inspect.Parameter.empty and not isinstance(value, want):
                raise TypeError(f"{name}: expected {want.__name__}, got {type(value).__name__}")
        return func(**bound.arguments)
    return wrapper


@checked
def repeat(text: str, times: int = 2):
    return text * times


print(square(4), square(4), square.cache)
print(add(1, 2), add(1, 2), add(2, 1))
print(repeat("ab"), repeat("x", times=3))
for args in [(5,), ("a", "b")]:
    try:
        repeat(*args)
    except TypeError as err:
        print(err)
