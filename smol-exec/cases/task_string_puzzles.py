# palindromes, anagrams, run lengths, vowels, unique characters
from collections import Counter, defaultdict
from itertools import groupby


def is_palindrome(text):
    clean = [c for c in text.casefold() if c.isalnum()]
    return clean == clean[::-1]


def compress(text):
    return "".join(f"{c}{n}" if n > 1 else c for c, n in ((c, len(list(g))) for c, g in groupby(text)))


def expand(text):
    out, number = "", ""
    for ch in reversed(text):
        if ch.isdigit():
            number = ch + number
        else:
            out, number = ch * int(number or 1) + out, ""
    return out


def first_unique(text):
    counts = Counter(text)
    return next((c for c in text if counts[c] == 1), None)


def pig_latin(word):
    for i, ch in enumerate(word):
        if ch in "aeiou":
            return word[i:] + word[:i] + ("way" if i == 0 else "ay")
    return word + "ay"


print([is_palindrome(t) for t in ("A man, a plan, a canal: Panama", "hello", "", "No 'x' in Nixon")])
groups = defaultdict(list)
for w in "listen silent enlist google elbow below cat act tac".split():
    groups["".join(sorted(w))].append(w)
print([g for g in groups.values() if len(g) > 1])
print(compress("aaabccdddd"), expand("a3bc2d12"), expand(compress("zzzyx")) == "zzzyx")
print(first_unique("swiss"), first_unique("aabb"), " ".join(map(pig_latin, "smart apple rhythm egg".split())))
print({v: "programming in python".count(v) for v in "aeiou"}, " ".join(w[::-1] for w in "reverse each word".split()))
print(sorted("the quick brown fox".split(), key=lambda w: (len(w), w)), "".join(dict.fromkeys("mississippi")))
print(all(chr(c) in "sphinx of black quartz judge my vow" for c in range(97, 123)), max("a bb ccc bb".split(), key=len))
