# yield from: delegation, return values and transparent send
def reader(lines):
    count = 0
    for line in lines:
        got = yield line
        if got:
            print("reader got", got)
        count += 1
    return count


def chapters(*groups):
    total = 0
    for group in groups:
        total += yield from reader(group)
        yield "--"
    return total


def run(gen):
    try:
        while True:
            print(next(gen))
    except StopIteration as stop:
        return stop.value


print("lines:", run(chapters(["a", "b"], [], ["c"])))
g = chapters(["x", "y"])
print(next(g))
print(g.send("hello"))


def flatten(item):
    if isinstance(item, (list, tuple)):
        for sub in item:
            yield from flatten(sub)
    else:
        yield item


print(list(flatten([1, [2, (3, [4])], [], [[["deep"]]]])))


def both():
    yield from "ab"
    yield from range(2)


print(list(both()))
