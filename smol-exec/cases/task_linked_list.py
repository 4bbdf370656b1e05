# a linked list with iteration, reversal, cycle detection and merging
class Node:
    __slots__ = ("value", "next")

    def __init__(self, value, next=None):
        self.value, self.next = value, next


class LinkedList:
    def __init__(self, items=()):
        self.head = None
        for item in reversed(list(items)):
            self.head = Node(item, self.head)

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.next

    def __len__(self):
        return sum(1 for _ in self)

    def __repr__(self):
        return " -> ".join(map(repr, self)) or "empty"

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous
        return self

    def remove(self, value):
        fake = node = Node(None, self.head)
        while node.next:
            if node.next.value == value:
                node.next = node.next.next
            else:
                node = node.next
        self.head = fake.next
        return self

    def has_cycle(self):
        slow = fast = self.head
        while fast and fast.next:
            slow, fast = slow.next, fast.next.next
            if slow is fast:
                return True
        return False


def merge(a, b):
    if not (a and b):
        return a or b
    if a.value > b.value:
        a, b = b, a
    return Node(a.value, merge(a.next, b))


xs = LinkedList([1, 4, 9])
print(xs, len(xs), 4 in xs, list(xs), LinkedList())
print(xs.reverse(), "|", LinkedList("abcab").remove("a"), "|", LinkedList([7, 7]).remove(7))
both = LinkedList()
both.head = merge(LinkedList([1, 5, 8]).head, LinkedList([2, 3, 9]).head)
print(both, sum(both), both.has_cycle())
both.head.next.next = both.head
print(both.has_cycle())
