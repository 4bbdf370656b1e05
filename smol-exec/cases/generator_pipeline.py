# a processing pipeline built out of generators
def numbers(text):
    for part in text.replace(",", " ").split():
        try:
            yield int(part)
        except ValueError:
            yield from (ord(c) for c in part)


def window(items, size):
    buffer = []
    for item in items:
        buffer.append(item)
        if len(buffer) == size:
            yield tuple(buffer)
            del buffer[0]


def only(predicate, items):
    return (i for i in items if predicate(i))


def running(items, start=0):
    for item in items:
        start += item
        yield start


text = "3, 1 4, x 1 5, 9"
print(list(numbers(text)))
print(list(window(numbers(text), 3)))
print(list(running(only(lambda n: n % 2, numbers(text)))))
sums = (sum(w) for w in window(numbers(text), 2))
print(max(sums), list(sums))
print(dict(enumerate(running(numbers("5 5 5"), 100), 1)))
