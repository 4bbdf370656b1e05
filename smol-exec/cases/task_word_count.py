# word statistics of a text
import re
from collections import Counter

text = """It was the best of times, it was the worst of times. It was the age
of wisdom; it was the age of foolishness! "Was it," they asked, "the
best-loved age?" They'd say: it's not."""

words = re.findall(r"[a-z]+(?:['-][a-z]+)*", text.lower())
counts = Counter(words)
print(len(words), len(counts), len(text), text.count("\n"))
for word, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:6]:
    print(f"{word:<6}{n:>3} {'#' * n}")
print(sorted({w for w in words if len(w) >= 7}), [w for w in counts if "'" in w or "-" in w])
lengths = Counter(map(len, words))
print(dict(sorted(lengths.items())), round(sum(map(len, words)) / len(words), 3))
pairs = Counter(zip(words, words[1:]))
print([" ".join(p) for p, n in sorted(pairs.items(), key=lambda kv: (-kv[1], kv[0])) if n > 2])
sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+", text.replace("\n", " ")) if s.strip()]
for s in sentences:
    print(len(s.split()), s[:30])
letters = Counter(c for c in text.lower() if c.isalpha())
print("".join(c for c, _ in sorted(letters.items(), key=lambda kv: (-kv[1], kv[0]))))
