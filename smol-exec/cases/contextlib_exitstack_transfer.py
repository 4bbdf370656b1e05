# ExitStack: pop_all, push, exception handling order, conditional cleanup
from contextlib import ExitStack, ContextDecorator, contextmanager

log = []


@contextmanager
def resource(n):
    if n == 3:
        raise RuntimeError("cannot open 3")
    log.append(f"open {n}")
    try:
        yield n
    finally:
        log.append(f"close {n}")


def open_all(numbers):
    with ExitStack() as stack:
        opened = [stack.enter_context(resource(n)) for n in numbers]
        return opened, stack.pop_all().close


opened, close = open_all([1, 2])
print(opened, log)
close()
print(log)
log.clear()
try:
    open_all([1, 2, 3])
except RuntimeError as err:
    print(err, log)


class quiet(ContextDecorator):
    def __enter__(self):
        return self

    def __exit__(self, kind, err, tb):
        if kind:
            log.append(f"swallowed {kind.__name__}")
        return True


@quiet()
def risky(x):
    return 10 // x


log.clear()
print(risky(5), risky(0), log)
with ExitStack() as stack:
    stack.push(lambda kind, err, tb: kind is KeyError)
    raise KeyError("gone")
print("after")
