# Counter: counting, arithmetic, most_common, subtract
from collections import Counter

c = Counter("abracadabra")
print(c, c["z"], c.most_common(2), sum(c.values()), c.total())
d = Counter(a=3, b=-1, q=2)
print(c + d, c - d, c & d, c | d, +d, -d)
c.subtract("aaa")
print(c["a"], sorted(c.elements()), list(c), Counter(["x", "y", "x"]) == Counter(x=2, y=1, z=0))
c.update({"b": 10}, r=5)
print(c.most_common()[:2], c.most_common()[-1], c.pop("d"), "d" in c)
words = Counter("the cat and the dog and the bird".split())
print([w for w, n in words.items() if n == 1], words.most_common(1)[0], dict(words))
print(Counter("aab") <= Counter("aaabb"), Counter() == Counter(a=0), Counter([1, 1]) > Counter([1]), Counter(range(3)))
letters = sum((Counter(w) for w in ["to", "too", "two"]), Counter())
print(letters, Counter("listen") == Counter("silent"))
