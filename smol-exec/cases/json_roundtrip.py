# json: types, nesting, unicode, key conversion, special floats
import json

data = {"s": "tab\t\"q\" é ☃", "n": None, "t": True, "f": [1, 2.5, -3e10, 1e-7], "nested": {"a": {"b": []}}, "tuple": (1, 2)}
text = json.dumps(data)
print(text)
back = json.loads(text)
print(back == {**data, "tuple": [1, 2]}, back["tuple"], type(back["f"][0]).__name__)
print(json.dumps(data["s"], ensure_ascii=False), json.dumps({1: "a", None: "b", True: "c", 2.5: "d"}))
print(json.dumps([float("inf"), float("nan"), 10 ** 20, 0.1, 1.0, -0.0]), json.loads("[NaN, -Infinity]"))
print(json.loads(' {"a" : [1 , {"b":"\\u00e9\\n"}], "a": 2} '), json.loads("3"), json.loads('"x"'), json.loads("null"))
print(json.dumps("</script>\u2028"), json.dumps({}), json.dumps([]), json.loads(b'{"k": "v"}'))
try:
    json.dumps([float("nan")], allow_nan=False)
except ValueError as err:
    print("ValueError for nan")
try:
    json.dumps({(1, 2): 3})
except TypeError:
    print("tuple keys refused", json.dumps({(1, 2): 3, "k": 4}, skipkeys=True))
