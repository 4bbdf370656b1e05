# a seeded generator gives the same numbers everywhere
import random

random.seed(42)
print(random.random(), random.random())
print([random.randint(1, 6) for _ in range(10)], random.randrange(0, 100, 5), random.getrandbits(16))
print(random.choice("abcdef"), random.sample(range(100), 5), random.uniform(1, 2))
deck = list(range(10))
random.shuffle(deck)
print(deck, random.choices(["x", "y"], weights=[1, 9], k=8))
a, b = random.Random(7), random.Random(7)
print([a.random() for _ in range(3)] == [b.random() for _ in range(3)], a.getstate() == b.getstate(), a.randint(0, 999))
state = random.getstate()
first = random.random()
random.setstate(state)
print(first == random.random(), random.Random("text seed").randint(0, 10 ** 6))
rng = random.Random(1)
inside = sum(rng.random() ** 2 + rng.random() ** 2 <= 1 for _ in range(2000))
print(inside, round(random.Random(3).gauss(0, 1), 9), sorted(random.Random(5).sample("abcdefgh", 3)))
try:
    random.choice([])
except IndexError:
    print("nothing to choose from")
