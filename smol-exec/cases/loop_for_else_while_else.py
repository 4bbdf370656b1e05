# for-else, while-else, break, continue and nested loops
for n in range(2, 12):
    for d in range(2, n):
        if n % d == 0:
            print(f"{n}={d}*{n // d}", end=" ")
            break
    else:
        print(f"{n} prime", end=" ")
print()
tries = 3
while tries:
    tries -= 1
    if tries == 5:
        break
else:
    print("loop ran out at", tries)
for word in []:
    pass
else:
    print("empty loop runs else")
total = 0
while True:
    total += 1
    if total % 2:
        continue
    if total > 6:
        break
print(total)
for i in range(3):
    i *= 10
    print(i, end=",")
print(i)
items = [3, 1, 2]
for k in items[:]:
    if k < 3:
        items.remove(k)
print(items, [z for z in range(10, 0, -3)])
