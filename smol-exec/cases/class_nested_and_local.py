# nested classes, local classes and class scope rules
class Tree:
    class Node:
        def __init__(self, value, *children):
            self.value, self.children = value, children

        def depth(self):
            return 1 + max((c.depth() for c in self.children), default=0)

    def __init__(self):
        N = self.Node
        self.root = N("root", N("left", N("leaf")), N("right"))


limit = 10


class Scope:
    limit = 3
    doubled = limit * 2
    seen_in_list = [n for n in range(limit)]

    def from_method(self):
        return limit


def make(kind):
    class Local:
        tag = kind

        def where(self):
            return self.tag + "!"

    return Local


print(Tree().root.depth(), Tree.Node.__qualname__)
print(Scope.doubled, Scope.seen_in_list, Scope().from_method())
A, B = make("a"), make("b")
print(A().where(), B().where(), A is B, A.__name__ == B.__name__, A.__qualname__)
