# send, throw, close and the return value of a generator
def averager():
    total, count, mean = 0, 0, None
    try:
        while True:
            try:
                value = yield mean
            except ArithmeticError as err:
                print("reset:", err)
                total, count, mean = 0, 0, None
                continue
            if value is None:
                return total, count
            total += value
            count += 1
            mean = total / count
    finally:
        print("cleanup at", count)


g = averager()
print(next(g), g.send(10), g.send(20), g.send(33))
print(g.throw(ArithmeticError("start again")))
print(g.send(4))
try:
    g.send(None)
except StopIteration as stop:
    print("returned", stop.value)
h = averager()
next(h)
h.send(1)
h.close()
print(list(h))
try:
    averager().send(5)
except TypeError:
    print("cannot send before start")
k = averager()
next(k)
try:
    k.throw(KeyError("boom"))
except KeyError as err:
    print("came out", err)
