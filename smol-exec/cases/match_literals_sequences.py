# match with literals, captures, sequences, alternatives and guards
def route(command):
    match command.split():
        case []:
            return "empty"
        case ["quit" | "exit" | "q"]:
            return "bye"
        case ["go", ("north" | "south") as way]:
            return f"walk {way}"
        case ["go", other]:
            return f"no road {other}"
        case ["take", item, *more] if len(more) < 2:
            return f"take {item} +{len(more)}"
        case ["take", *_]:
            return "too much"
        case [first, *middle, last]:
            return f"{first}..{len(middle)}..{last}"
        case [word]:
            return f"word {word}"


for line in ["", "q", "go north", "go up", "take a b", "take a b c", "one two three", "hm"]:
    print(repr(line), "->", route(line))


def literal(x):
    match x:
        case 0 | 0.5:
            return "small"
        case True:
            return "true"
        case None:
            return "none"
        case -1:
            return "minus"
        case "a" "b":
            return "ab"
        case (1, (2, y)) | [3, y]:
            return f"pair {y}"
        case _:
            return "other"


print([literal(x) for x in (0, False, 1, True, None, -1, "ab", 0.5)])
print([literal(x) for x in ((1, (2, 7)), [3, 8], (1, 2), "xyz", b"ab")])
