# assignment expressions in loops, conditions and comprehensions
import re

chunks = iter("line one|two|three||never".split("|"))
while (chunk := next(chunks)) != "":
    print(chunk, end=";")
print()
if (n := len("abcdef")) > 5:
    print("long", n)
for text in ["id=42", "nothing", "id=7"]:
    if m := re.match(r"id=(\d+)", text):
        print("found", m[1])
    elif (size := len(text)) > 3:
        print("no id in", size, "letters")
data = [5, 1, 8, 3]
total = 0
print([total := total + d for d in data], total)
print([h for d in data if (h := d / 2) > 1], h)
print((lambda v: (w := v * 2) + w)(3), {"k": (z := 9), "l": z})
best = None
print(any((best := d) > 6 for d in data), best)
print(f"{(width := 4):>{width}}|{width!r}")
