# positional-only, keyword-only, *args, **kwargs and unpacking at the call
def spread(a, b=2, /, c=3, *rest, d, e=5, **more):
    return f"a={a} b={b} c={c} rest={rest} d={d} e={e} more={sorted(more.items())}"


print(spread(1, d=4))
print(spread(1, 20, 30, 40, 50, d=0, z=1, a="kw"))
print(spread(*[1, 2], *(3, 4), **{"d": 9}, **{"e": 8, "q": 7}))
bad_calls = [
    lambda: spread(1),
    lambda: spread(d=1),
    lambda: spread(1, b=2, d=3) and "b lands in **more",
    lambda: spread(1, d=2, **{"d": 3}),
    lambda: (lambda x, *, y: 0)(1, 2),
]
for number, call in enumerate(bad_calls):
    try:
        print(number, "fine:", call())
    except TypeError:
        print(number, "TypeError")


def first(*args, **kwargs):
    return args, kwargs


print(first(*"ab", *range(2), x=1, **{"not an identifier": 2}))
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, m=4))
print(spread.__defaults__, spread.__kwdefaults__)
