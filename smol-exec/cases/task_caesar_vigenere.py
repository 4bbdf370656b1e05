# classic ciphers and frequency analysis
from string import ascii_lowercase as abc
from string import ascii_uppercase as ABC


def caesar(text, k):
    table = str.maketrans(abc + ABC, abc[k % 26:] + abc[:k % 26] + ABC[k % 26:] + ABC[:k % 26])
    return text.translate(table)


def vigenere(text, key, sign=1):
    out, i = [], 0
    for ch in text:
        if ch.isalpha():
            out.append(caesar(ch, sign * abc.index(key[i % len(key)])))
            i += 1
        else:
            out.append(ch)
    return "".join(out)


def crack(text):
    common = "etaoin"
    return max(range(26), key=lambda k: (sum(caesar(text, -k).lower().count(c) for c in common), -k))


def rail_fence(text, rails):
    rows = [[] for _ in range(rails)]
    cycle = list(range(rails)) + list(range(rails - 2, 0, -1))
    for i, ch in enumerate(text):
        rows[cycle[i % len(cycle)]].append(ch)
    return "".join("".join(r) for r in rows)


secret = caesar("Meet me at the station at ten, not later!", 7)
print(secret, "->", caesar(secret, -7))
print(crack(secret), caesar(secret, -crack(secret)))
v = vigenere("Attack at Dawn!", "lemon")
print(v, "->", vigenere(v, "lemon", -1))
print(rail_fence("WEAREDISCOVERED", 3), caesar("xyz", 29), caesar("abc", -1))
print("".join(chr(ord(a) ^ ord(b)) for a, b in zip("\x01\x0b\x1a", "ice")), "Hello"[::-1].swapcase())
print(" ".join({"s": "...", "o": "---"}.get(c, "?") for c in "sos"))
