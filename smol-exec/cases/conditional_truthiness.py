# truth values, short circuits, chained comparisons, conditional expressions
values = [0, 1, -1, 0.0, "", " ", [], [0], {}, None, (), (0,), 0j, b"", range(0), range(3), float("nan")]
print([bool(v) for v in values])
print(0 or "default", "x" or "y", 1 and 2, [] and 3, None or 0 or [], not "")


def say(value):
    print(f"<{value}>", end="")
    return value


print(say(0) or say(5) and say(7))
print(say(1) < say(3) < say(2) < say(9))
x = 5
print(1 < x < 10, 1 < x > 3, 5 == x != 4 <= 4, "a" < "b" < "c", x is x is not None)
print("big" if x > 9 else "mid" if x > 3 else "small", (x > 3) + (x > 4) + (x > 5))
print(1 == True, 2 == True, None == False, [] == False, "1" == 1, x is not None)
print(3 in [1, 2, 3] == True, (3 in [1, 2, 3]) == True, not 1 == 2)
print([] is [], () == (), "a" "b" == "ab", all([]), any([]), (True, 0) < (True, 1))
