# a trie with prefix search, and spelling suggestions
class Trie:
    def __init__(self, words=()):
        self.children, self.count = {}, 0
        for word in words:
            self.add(word)

    def add(self, word):
        node = self
        for ch in word:
            node = node.children.setdefault(ch, Trie())
        node.count += 1

    def find(self, prefix):
        node = self
        for ch in prefix:
            node = node.children.get(ch)
            if node is None:
                return None
        return node

    def words(self, prefix=""):
        if self.count:
            yield prefix, self.count
        for ch in sorted(self.children):
            yield from self.children[ch].words(prefix + ch)

    def complete(self, prefix, limit=3):
        node = self.find(prefix)
        if node is None:
            return []
        return [w for w, _ in sorted(node.words(prefix), key=lambda wc: (-wc[1], wc[0]))[:limit]]

    def __contains__(self, word):
        node = self.find(word)
        return bool(node and node.count)

    def size(self):
        return 1 + sum(c.size() for c in self.children.values())


def edits(word):
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + c + b[1:] for a, b in cuts if b for c in letters)
    yield from (a + c + b for a, b in cuts for c in letters)


trie = Trie("car card care card cat dog dot do door care card".split())
print(list(trie.words()), trie.size())
print(trie.complete("car"), trie.complete("d"), trie.complete("x"), "do" in trie, "ca" in trie)
for typo in ("crad", "dogg", "doot", "zzz"):
    print(typo, sorted({e for e in edits(typo) if e in trie}))
