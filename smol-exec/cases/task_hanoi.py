# towers of Hanoi: recursive solution checked by a simulator
def hanoi(n, a="A", b="B", c="C"):
    if n == 0:
        return []
    return hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)


def simulate(n, moves):
    pegs = {"A": list(range(n, 0, -1)), "B": [], "C": []}
    for src, dst in moves:
        disk = pegs[src].pop()
        if pegs[dst] and pegs[dst][-1] < disk:
            raise ValueError("illegal move")
        pegs[dst].append(disk)
    return pegs


for n in range(1, 4):
    moves = hanoi(n)
    print(n, len(moves), " ".join(f"{a}{b}" for a, b in moves))
print(simulate(5, hanoi(5)), len(hanoi(10)))
print(simulate(3, hanoi(3)[:4]))
try:
    simulate(2, [("A", "B"), ("A", "B")])
except ValueError as err:
    print(err)
