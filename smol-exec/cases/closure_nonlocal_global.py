# closures, nonlocal, global and late binding
counter = 0


def bump(by=1):
    global counter, created
    counter += by
    created = "by bump"
    return counter


def make_counter():
    count = 0

    def inc():
        nonlocal count
        count += 1
        return count

    def reset(to=0):
        nonlocal count
        old, count = count, to
        return old

    return inc, reset


print(bump(), bump(10), counter, created)
inc, reset = make_counter()
inc2, _ = make_counter()
print(inc(), inc(), inc2(), reset(50), inc())
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])
print(inc.__closure__[0].cell_contents, inc.__code__.co_freevars)


def early():
    try:
        print(later)
    except UnboundLocalError as err:
        print(type(err).__name__, isinstance(err, NameError))
    later = 1


early()


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "changed"
        inner()
        return x

    return middle(), x


print(outer())
