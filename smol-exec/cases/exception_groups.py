# ExceptionGroup with except*, split and nested groups
def tasks():
    errors = []
    for text in ["1", "x", "0", "", "y"]:
        try:
            10 // int(text)
        except Exception as err:
            errors.append(err)
    if errors:
        raise ExceptionGroup("some tasks failed", errors)


try:
    tasks()
except* ZeroDivisionError as group:
    print("division:", len(group.exceptions))
except* ValueError as group:
    print("values:", len(group.exceptions), group.message)

try:
    try:
        raise ExceptionGroup("top", [TypeError("t"), ExceptionGroup("deep", [OSError("o"), KeyError("k")])])
    except* OSError as group:
        print("os:", [str(e.exceptions[0]) for e in group.exceptions])
except ExceptionGroup as rest:
    print("rest:", rest.message, [type(e).__name__ for e in rest.exceptions])
    matched, other = rest.split(KeyError)
    print(repr(matched.exceptions[0].exceptions[0]), repr(other.exceptions[0]))

try:
    raise ValueError("bare")
except* ValueError as group:
    print(type(group).__name__, repr(group.exceptions[0]))
eg = ExceptionGroup("m", [ValueError(1), ValueError(2), TypeError(3)])
print(eg, "|", eg.subgroup(lambda e: e.args[0] != 2).exceptions)
try:
    ExceptionGroup("empty", [])
except ValueError:
    print("groups cannot be empty")
