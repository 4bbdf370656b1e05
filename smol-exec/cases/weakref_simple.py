# weak references with explicit deletion on a reference counting interpreter
import gc
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def hello(self):
        return "hello " + self.name


t = Thing("a")
ref = weakref.ref(t, lambda r: print("callback"))
proxy = weakref.proxy(t)
cache = weakref.WeakValueDictionary(first=t)
notes = weakref.WeakKeyDictionary({t: "note"})
method = weakref.WeakMethod(t.hello)
print(ref() is t, proxy.name, len(cache), notes[t], method()(), weakref.getweakrefcount(t) >= 2)
fin = weakref.finalize(t, print, "finalized", "now")
print(fin.alive)
del t
gc.collect()
print(ref(), len(cache), len(notes), method(), fin.alive)
try:
    proxy.name
except ReferenceError:
    print("proxy is dead")
try:
    weakref.ref(5)
except TypeError:
    print("ints cannot be weakly referenced")
