# deque rotations and bounds; ChainMap layers
from collections import ChainMap, deque

q = deque([1, 2, 3], maxlen=4)
q.append(4)
q.appendleft(0)
print(q, q[0], q[-1])
q.append(9)
q.rotate(1)
print(q, q.pop(), q.popleft(), q.count(2), len(q))
q.extend("ab")
q.extendleft("yz")
print(q, q.index("y"), q.maxlen, list(reversed(q)), deque("abc") == deque("abc"))
q.remove("y")
q.insert(1, "i")
q.reverse()
print(q, deque("xy") + deque("z"), deque([1]) * 3, "i" in q)
try:
    deque().pop()
except IndexError as err:
    print(err)
recent = deque((line for line in ["l1", "l2", "l3", "l4"]), 2)
print(list(recent), deque(range(5), 0))
base, user = {"colour": "red", "size": 1}, {"size": 5}
conf = ChainMap({}, user, base)
conf["new"] = True
print(conf["size"], conf["colour"], conf.maps[0], dict(sorted(conf.items())), len(conf), "size" in conf)
child = conf.new_child({"size": 9})
print(child["size"], child.parents["size"], list(conf), user)
del conf["new"]
print(conf.get("new", "gone"), ChainMap({"a": 1}, {"a": 2}))
