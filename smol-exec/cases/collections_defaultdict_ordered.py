# defaultdict factories and OrderedDict order operations
from collections import OrderedDict, defaultdict

groups = defaultdict(list)
for name in ["ann", "bob", "al", "cy", "bea"]:
    groups[name[0]].append(name)
print(dict(groups), groups.get("z"), "z" in groups, groups["z"], "z" in groups)
counts = defaultdict(int)
for ch in "hello":
    counts[ch] += 1
print(counts)
tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
t["a"]["d"] = 2
print(sorted(t["a"]), t["a"]["b"]["c"], len(t["x"]))
table = defaultdict(lambda: [0, 0], {"k": [5, 5]})
table["n"][1] += 7
print(dict(table), table.default_factory()[0])
try:
    defaultdict(None)["k"]
except KeyError as err:
    print("KeyError", err)
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
print(list(o.items()), o.popitem(last=False), list(reversed(o)))
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {"b": 2, "a": 1})
