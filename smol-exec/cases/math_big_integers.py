# integers of any size, pow with modulus, digits, divmod identities
n = 2 ** 200
print(n, len(str(3 ** 1000)), n.bit_length(), n % 1_000_007, -n // 7 + n // 7)
print(pow(7, 10 ** 18, 1_000_003), pow(3, -1, 11), 12345678901234567890 * 98765432109876543210)
print(sum(int(c) for c in str(2 ** 1000)), int("9" * 40) + 1, hex(10 ** 25), int("ff" * 10, 16))
for a in (17, -17):
    for b in (5, -5):
        q, r = divmod(a, b)
        print(a, b, q, r, q * b + r == a, int(a / b))
print(10 ** 30 == 1e30, 2 ** 53 == 2.0 ** 53, 2 ** 53 + 1 == 2.0 ** 53, float(10 ** 22), int(1e22), 10 ** 400 > 1e308)
try:
    float(10 ** 400)
except OverflowError:
    print("too large for a float")
print((2 ** 64).to_bytes(9, "big"), int.from_bytes(b"\x01" + bytes(10), "big"), -(2 ** 70) >> 65, (1 << 100) - 1 & 0xFF)


def fib(k):
    a, b = 0, 1
    for _ in range(k):
        a, b = b, a + b
    return a


print(fib(300), fib(1000) % 10 ** 9)
