# format(): alignment, sign, grouping, precision, types, errors
rows = [("d", 1234), (",d", -9876543), ("+,d", 5), ("08.2f", 3.14159), (".0f", 2.5), (".0f", 3.5), ("e", 0), (".2e", 98765)]
for spec, value in rows:
    print(f"{spec:>6} {format(value, spec)!r}")
for spec in ["b", "#b", "#o", "#X", "x", "_b", "#_x", "010,d", "^+12d", "c"]:
    print(spec, repr(format(97531 if spec != "c" else 9829, spec)))
print(format("text", "*^12s"), format("text", "<7.2"), format("", ">3") + "|", format(True, "5d"), format(0.1, "%"))
print(format(1e308 * 10, "f"), format(-1e308 * 10, "g"), format(float("nan"), "6.1f"), format(-0.0, ".1f"), format(1.0, ""), format(2 + 3j, ".1f"))
print(format(123.456, "g"), format(123.456, ".1g"), format(1e-7, "g"), format(123456789.0, "g"), format(0.1 + 0.2, ".17g"))
for value, spec in [("text", "d"), (1.5, "d"), (5, "s"), ("x", "+"), ([], "5")]:
    try:
        print(format(value, spec))
    except (ValueError, TypeError) as err:
        print(type(err).__name__)
