# a discrete event simulation of a shop queue with a priority queue
import heapq
import random


class Shop:
    def __init__(self, tills, seed):
        self.random = random.Random(seed)
        self.events, self.order = [], 0
        self.free, self.queue = tills, []
        self.waits, self.log = [], []

    def at(self, time, kind, who):
        self.order += 1
        heapq.heappush(self.events, (time, self.order, kind, who))

    def serve(self, now):
        while self.free and self.queue:
            came, who = self.queue.pop(0)
            self.free -= 1
            self.waits.append(now - came)
            self.at(now + self.random.randint(2, 6), "leave", who)

    def run(self, customers):
        time = 0
        for n in range(customers):
            time += self.random.randint(0, 3)
            self.at(time, "arrive", f"c{n}")
        while self.events:
            now, _, kind, who = heapq.heappop(self.events)
            if kind == "arrive":
                self.queue.append((now, who))
            else:
                self.free += 1
            self.log.append(f"{now:>2} {who} {kind}")
            self.serve(now)
        return now


for tills in (1, 2, 3):
    shop = Shop(tills, seed=4)
    end = shop.run(12)
    print(f"{tills} tills: closed at {end}, average wait {sum(shop.waits) / len(shop.waits):.2f}, longest {max(shop.waits)}")
print("\n".join(shop.log[:6]))
print(len(shop.log), shop.free)
