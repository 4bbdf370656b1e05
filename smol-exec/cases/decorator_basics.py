# plain decorators, decorators with arguments, stacking order, wraps
import functools


def shout(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return func(*args, **kwargs).upper() + "!"
    return wrapper


def tag(name, **attrs):
    extra = "".join(f' {k}="{v}"' for k, v in attrs.items())

    def deco(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            return f"<{name}{extra}>{func(*args, **kwargs)}</{name}>"
        return wrapper
    return deco


@tag("p", id="x")
@shout
@tag("b")
def greet(name, punctuation=""):
    """Greet someone."""
    return f"hi {name}{punctuation}"


print(greet("ann"))
print(greet("bo", punctuation="?"))
print(greet.__name__, greet.__doc__, greet.__wrapped__.__wrapped__.__wrapped__("raw"))


def trace(label):
    print("evaluated", label)
    return lambda f: (print("applied", label), f)[1]


@trace("outer")
@trace("inner")
def nothing():
    return 0


print(nothing())
