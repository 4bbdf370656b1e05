# a seeded markov chain over letters and words
import random
from collections import defaultdict

text = "the cat sat on the mat and the dog sat on the log while the cat ran to the dog"
words = text.split()
chain = defaultdict(list)
for a, b in zip(words, words[1:]):
    chain[a].append(b)
print({k: chain[k] for k in ("the", "sat", "dog")})


def generate(seed, start, length):
    rng = random.Random(seed)
    out = [start]
    while len(out) < length and chain.get(out[-1]):
        out.append(rng.choice(chain[out[-1]]))
    return " ".join(out)


for seed in (1, 2, 3):
    print(generate(seed, "the", 8))
print(generate(1, "the", 8) == generate(1, "the", 8), generate(5, "nothing", 4))
probability = {(a, b): bs.count(b) / len(bs) for a, bs in sorted(chain.items()) for b in bs}
print([(f"{a} {b}", round(p, 3)) for (a, b), p in probability.items() if p < 0.6])
legal = set(zip(words, words[1:]))
sample = generate(9, "cat", 30).split()
print(all(pair in legal for pair in zip(sample, sample[1:])), sample[0])
