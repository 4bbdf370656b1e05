# nested and conditional comprehensions of every kind
matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
print([x for row in matrix for x in row if x % 2])
print([[row[i] for row in matrix] for i in range(3)])
print([[x if x > 4 else "." for x in row] for row in matrix])
print({c: [w for w in "to be or not to be".split() if c in w] for c in "bt"})
print(sorted({len(w) for w in ["a", "bb", "cc", "ddd"]}), {k: v for k, v in zip("abcabc", range(6))})
print([(i, j) for i in range(4) for j in range(i) if (i + j) % 2 == 0])
print(sum(x * y for x, y in zip(range(4), range(4, 8))), any(x > 8 for r in matrix for x in r))
x = "outer"
print([x for x in range(3)], x)
print([f(2) for f in [lambda v, k=k: v * k for k in range(4)]])
print([y for x in range(5) if (y := x * x) > 3], y)
print({(a, b) for a in "x" for b in "y"}, [*(n for n in range(3)), *{}], dict.fromkeys("ab", 0))
print([line.split("=") for line in "a=1;b=2;;c".split(";") if line and "=" in line])
