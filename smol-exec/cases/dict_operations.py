# dict: order, views, merge, setdefault, comprehension, deletion while copying
d = {"b": 2, "a": 1}
d["c"] = 3
d["b"] = 20
print(d, list(d), list(reversed(d)))
del d["b"]
d["b"] = 0
print(d, d.get("z"), d.get("z", -1), d.pop("a"), d.pop("zz", None), d.popitem())
print(d | {"x": 1, "c": 9}, {"c": 5} | d, {**d, "c": 7})
d |= [("k", "v")]
d.update(m=1, n=2)
d.setdefault("list", []).append(1)
d.setdefault("list", []).append(2)
print(d)
keys, values = d.keys(), d.values()
d["late"] = True
print(list(keys)[-1], list(values)[-1], ("m", 1) in d.items(), "late" in keys)
print(sorted(d.keys() & {"m", "n", "q"}), sorted(d.keys() - {"c", "k", "m", "n"}))
print(dict(zip("xy", [1, 2])), dict([("p", 0)], q=1), dict.fromkeys([1, 2]), {1: 1} == {1.0: True})
print({v: k for k, v in {"a": 1, "b": 2, "c": 1}.items()}, sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1]))
try:
    for key in d:
        d[key + "!"] = 1
except RuntimeError as err:
    print(err)
for key in list(d):
    if len(key) > 1:
        del d[key]
print(d, len(d))
