# an LRU cache and a TTL cache with an explicit clock
from collections import OrderedDict


class LRU:
    def __init__(self, size):
        self.size, self.items = size, OrderedDict()
        self.hits = self.misses = 0

    def get(self, key, make):
        if key in self.items:
            self.hits += 1
            self.items.move_to_end(key)
        else:
            self.misses += 1
            self.items[key] = make(key)
            if len(self.items) > self.size:
                old, _ = self.items.popitem(last=False)
                print("evict", old)
        return self.items[key]


class Timed:
    def __init__(self, seconds, clock):
        self.seconds, self.clock, self.data = seconds, clock, {}

    def __setitem__(self, key, value):
        self.data[key] = (self.clock() + self.seconds, value)

    def __getitem__(self, key):
        until, value = self.data[key]
        if self.clock() >= until:
            del self.data[key]
            raise KeyError(key)
        return value


lru = LRU(3)
for ch in "abcadbae":
    lru.get(ch, str.upper)
print(list(lru.items.items()), lru.hits, lru.misses)
now = 0
timed = Timed(10, lambda: now)
timed["x"] = 1
now = 5
timed["y"] = 2
for now in (9, 10, 14, 15):
    row = []
    for key in "xy":
        try:
            row.append(timed[key])
        except KeyError:
            row.append(None)
    print(now, row, sorted(timed.data))
