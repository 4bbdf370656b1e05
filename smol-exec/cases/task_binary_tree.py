# a binary search tree: insert, traverse, height, delete, serialise
class Tree:
    def __init__(self, value=None):
        self.value, self.left, self.right = value, None, None

    def insert(self, value):
        if self.value is None:
            self.value = value
        elif value != self.value:
            side = "left" if value < self.value else "right"
            child = getattr(self, side)
            if child:
                child.insert(value)
            else:
                setattr(self, side, Tree(value))
        return self

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right

    def __contains__(self, value):
        if value == self.value:
            return True
        child = self.left if value < self.value else self.right
        return child is not None and value in child

    def height(self):
        return 1 + max((t.height() for t in (self.left, self.right) if t), default=0)

    def levels(self):
        row = [self]
        while row:
            yield [t.value for t in row]
            row = [c for t in row for c in (t.left, t.right) if c]


def dump(t):
    return f"({t.value}{' ' + dump(t.left) if t.left or t.right else ''}{' ' + dump(t.right) if t and t.right else ''})" if t else "_"


def invert(t):
    if t:
        t.left, t.right = invert(t.right), invert(t.left)
    return t


tree = Tree()
for n in (50, 30, 70, 20, 40, 60, 80, 65, 30):
    tree.insert(n)
print(list(tree), tree.height(), 60 in tree, 61 in tree)
for row in tree.levels():
    print(row)
print(dump(tree))
print(list(invert(tree)), dump(invert(tree)) == dump(tree), sum(tree), max(tree))
ordered = Tree()
for n in range(6):
    ordered.insert(n)
print(ordered.height(), list(ordered.levels())[-1])
