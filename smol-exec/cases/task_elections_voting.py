# voting: plurality, Borda, instant runoff, Condorcet, seat allocation
from collections import Counter
from fractions import Fraction
from itertools import combinations

ballots = ["ABC"] * 5 + ["BCA"] * 4 + ["CBA"] * 3 + ["CAB"] * 1


def runoff(ballots):
    remaining, rounds = set("".join(ballots)), []
    while True:
        counts = Counter({c: 0 for c in remaining})
        for b in ballots:
            counts[next(c for c in b if c in remaining)] += 1
        rounds.append(dict(sorted(counts.items())))
        leader = max(sorted(counts), key=counts.get)
        if counts[leader] * 2 > len(ballots) or len(remaining) == 1:
            return leader, rounds
        remaining.remove(min(sorted(counts), key=counts.get))


def condorcet(ballots):
    wins = Counter()
    for a, b in combinations("ABC", 2):
        prefer = sum(v.index(a) < v.index(b) for v in ballots)
        wins[a if prefer * 2 > len(ballots) else b] += 1
        print(f"  {a} against {b}: {prefer}-{len(ballots) - prefer}")
    return next((c for c, n in wins.items() if n == 2), None)


def dhondt(votes, seats):
    won = Counter()
    for _ in range(seats):
        won[max(sorted(votes), key=lambda p: Fraction(votes[p], won[p] + 1))] += 1
    return dict(sorted(won.items()))


print("plurality", Counter(b[0] for b in ballots).most_common(1)[0])
borda = Counter()
for b in ballots:
    for points, c in enumerate(reversed(b)):
        borda[c] += points
print("borda", sorted(borda.items()))
print("runoff", *runoff(ballots))
print("condorcet", condorcet(ballots))
print("seats", dhondt({"red": 340, "green": 280, "blue": 160, "tan": 60}, 7))
