# partial, partialmethod, reduce and composing functions
from functools import partial, partialmethod, reduce
import operator

base2 = partial(int, base=2)
print(base2("1011"), base2.func is int, base2.args, base2.keywords)
say = partial("{}, {}{}".format, "hi")
print(say("you", "!"), partial(say, "me")("?"))
print(reduce(operator.add, [[1], [2, 3], []], []), reduce(lambda a, b: a * b, range(1, 11)))
print(reduce(lambda acc, w: {**acc, w: acc.get(w, 0) + 1}, "a b a c a".split(), {}))
compose = lambda *fs: reduce(lambda f, g: lambda x: f(g(x)), fs)
print(compose(str, abs, int)("-42") + "!", compose(len, str.split)("a b c"))


class Switch:
    def __init__(self):
        self.state = "off"

    def set(self, state, how="hand"):
        self.state = f"{state} by {how}"
        return self

    on = partialmethod(set, "on")
    timer_off = partialmethod(set, "off", how="timer")


s = Switch()
print(s.on().state, "|", s.timer_off().state, "|", s.on("foot").state)
try:
    reduce(operator.add, [])
except TypeError:
    print("reduce of nothing needs an initial value")
print(reduce(operator.or_, [{1}, {2}, {1, 3}]), reduce(max, [3, 9, 2]))
