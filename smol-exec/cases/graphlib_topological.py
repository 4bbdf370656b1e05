# graphlib: static order, batches and cycles
from graphlib import CycleError, TopologicalSorter

needs = {"shoes": ["socks", "trousers"], "belt": ["trousers"], "jacket": ["belt", "shirt"], "shirt": []}
order = list(TopologicalSorter(needs).static_order())
print(sorted(order), all(order.index(d) < order.index(t) for t, ds in needs.items() for d in ds))
ts = TopologicalSorter(needs)
ts.add("coat", "jacket")
ts.prepare()
while ts.is_active():
    ready = sorted(ts.get_ready())
    print(ready)
    ts.done(*ready)
try:
    list(TopologicalSorter({"a": ["b"], "b": ["c"], "c": ["a"]}).static_order())
except CycleError as err:
    print("cycle of", len(err.args[1]) - 1, sorted(set(err.args[1])))
