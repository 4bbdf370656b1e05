# which handler is chosen, else, tuples of classes, re-raise
def probe(action):
    try:
        value = action()
    except (KeyError, IndexError) as err:
        return f"lookup {type(err).__name__} {err}"
    except ZeroDivisionError:
        return "division"
    except (TypeError, ValueError) as err:
        return "bad " + type(err).__name__
    except Exception as err:
        return f"other {type(err).__name__}"
    else:
        return f"fine {value}"


class Odd(ArithmeticError):
    pass


def boom():
    raise Odd("3")


for action in [
    lambda: 1 + 1,
    lambda: {}["k"],
    lambda: [][1],
    lambda: 1 // 0,
    lambda: 1.5 % 0,
    lambda: int("seven"),
    lambda: len(5),
    lambda: undefined_name,
    lambda: None.upper(),
    lambda: next(iter([])),
    lambda: "é".encode("ascii"),
    lambda: [].remove(1),
    boom,
]:
    print(probe(action))
print(issubclass(KeyError, LookupError), issubclass(Odd, Exception), issubclass(KeyboardInterrupt, Exception))
print(Odd.__mro__[1].__name__, UnicodeEncodeError.__mro__[2].__name__)
