# copy and deepcopy: sharing, cycles, hooks
import copy

inner = [1, 2]
outer = {"list": inner, "tuple": (inner, 3), "again": inner}
shallow, deep = copy.copy(outer), copy.deepcopy(outer)
inner.append(99)
print(shallow["list"], deep["list"], shallow["list"] is inner, deep["list"] is deep["again"], deep["tuple"][0] is deep["list"])
loop = [1]
loop.append(loop)
twin = copy.deepcopy(loop)
print(twin[1] is twin, twin is not loop, twin[0])
print(copy.deepcopy("s") is "s"[:], copy.copy((1, 2)), inner[:] is inner, list(inner) == inner, dict(outer) is outer)


class Node:
    made = 0

    def __init__(self, value, peer=None):
        self.value, self.peer = value, peer
        Node.made += 1


class Handle:
    def __init__(self, name):
        self.name = name

    def __copy__(self):
        return Handle(self.name + "-copy")

    def __deepcopy__(self, memo):
        return Handle(self.name + "-deep")


a = Node("a", Node("b"))
b, c = copy.copy(a), copy.deepcopy(a)
a.peer.value = "changed"
print(b.peer.value, c.peer.value, b.peer is a.peer, Node.made)
print(copy.copy(Handle("h")).name, copy.deepcopy([Handle("h")])[0].name)
