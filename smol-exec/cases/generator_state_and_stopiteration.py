# generator state, StopIteration inside generators, re-entrance
import inspect


def leaky():
    yield 1
    raise StopIteration("oops")


def steps():
    x = yield "first"
    yield x * 2


g = steps()
print(inspect.getgeneratorstate(g))
print(next(g), inspect.getgeneratorstate(g))
print(g.send(21), g.gi_frame is not None)
print(next(g, None), inspect.getgeneratorstate(g), g.gi_frame)
it = leaky()
print(next(it))
try:
    next(it)
except RuntimeError as err:
    print("RuntimeError, cause", type(err.__cause__).__name__)


def selfish():
    try:
        next(me)
    except ValueError as err:
        yield "already executing" in str(err)


me = selfish()
print(next(me))
print(inspect.isgenerator(me), inspect.isgeneratorfunction(steps), iter(me) is me)
