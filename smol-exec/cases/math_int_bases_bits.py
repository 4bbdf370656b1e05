# bases and bit operations
print(bin(37), oct(64), hex(-255), 0b1010, 0o17, 0xFF, 1_000_000, int("z", 36), int("0x1f", 16), int(" 12 "), int("-1010", 2))
print(5 & 3, 5 | 3, 5 ^ 3, ~5, -5 & 0xFF, 1 << 10, -17 >> 2, 1023 >> 3, (37).bit_count(), (37).bit_length(), (-1).bit_length())


def to_base(n, base):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while n:
        n, r = divmod(n, base)
        out = digits[r] + out
    return out or "0"


print([to_base(n, b) for n, b in [(255, 2), (255, 16), (12345, 7), (0, 5), (35, 36)]])
print(all(int(to_base(n, b), b) == n for n in (1, 99, 10 ** 12) for b in range(2, 37)))
flags = 0
for bit in (0, 3, 5):
    flags |= 1 << bit
print(bin(flags), [i for i in range(8) if flags >> i & 1], bin(flags & ~(1 << 3)), bin(flags ^ 0b111))
gray = [n ^ (n >> 1) for n in range(8)]
print([f"{g:03b}" for g in gray], [x for x in range(1, 40) if x & (x - 1) == 0])
print(True + True, True & False, True ^ True, 5 & True, int(True), int.from_bytes(bytes([1, 2]), "big"), (6).__and__(3), f"{-6 & 0xF:04b}")
for text, base in [("12", 2), ("g", 16), ("1.5", 10), ("", 10)]:
    try:
        int(text, base)
    except ValueError as err:
        print(err)
