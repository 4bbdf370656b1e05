# float repr, rounding, special values, comparisons and parsing
print(0.1 + 0.2, 1 / 3, 1e16, 1e15 + 0.5, 123456789.123456789, 1e-5, 0.0001, 5e-324, 1.7976931348623157e308, 100.0, 1e22, 1e23)
print(round(0.5), round(1.5), round(2.5), round(-0.5), round(1.005, 2), round(1234.5678, -2), round(5), round(2.5, 0))
inf, nan = float("inf"), float("nan")
print(inf - inf, inf * 0, inf > 1e308, -inf, nan == nan, nan != nan, max(1, nan), min(nan, 1), 1e308 * 10, 1 / inf, [nan] == [nan])
print(float(" 1_000.5 "), float("-1E3"), float("Infinity"), float(".5"), float("nan"), float("1e400"), int(float("1e3")))
print(7 // 2.0, -7 // 2.0, 7.5 % 2, -7.5 % 2, divmod(-7.5, 2), 2 ** -1, 2 ** 0.5 == 1.4142135623730951, 0.0 == -0.0, str(-0.0), (-8) ** (1 / 3) == 2)
print((0.1).hex(), float.fromhex("0x1.8p3"), (2.5).as_integer_ratio(), (0.1).as_integer_ratio()[1] == 2 ** 55, (3.0).is_integer())
print(0.1 * 3 == 0.3, abs(0.1 * 3 - 0.3) < 1e-9, 1e16 + 1 == 1e16, 9007199254740993.0, 0.1 + 0.7, 4.35 * 100, 1.1 * 1.1)
for text in ("", "1,5", "0x10", "1e", "--1", "one"):
    try:
        float(text)
    except ValueError as err:
        print(err)
print(int(3.99), int(-3.99), int("-0b101", 2), int("0o17", 0), bool(0.0), bool(nan), complex(1, -0.0))
