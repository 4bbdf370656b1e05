# __cause__, __context__, from None, and notes
class AppError(Exception):
    pass


def parse(text):
    try:
        return int(text)
    except ValueError as err:
        raise AppError(f"bad number {text!r}") from err


def hide(mapping, key):
    try:
        return mapping[key]
    except KeyError:
        raise AppError("no such key") from None


def implicit():
    try:
        [].pop()
    except IndexError:
        raise AppError("while handling")


def chain(err):
    names = []
    while err:
        names.append(f"{type(err).__name__}({err})")
        err = err.__cause__ or (None if err.__suppress_context__ else err.__context__)
    return " <- ".join(names)


for action in (lambda: parse("12x"), lambda: hide({}, "a"), implicit):
    try:
        action()
    except AppError as err:
        print(chain(err))
        print("  ", err.__cause__ is None, err.__context__ is None, err.__suppress_context__)
try:
    try:
        parse("?")
    except AppError as err:
        err.add_note("row 7")
        err.add_note("column 2")
        raise
except AppError as err:
    print(err, err.__notes__)
