# assert, SystemExit caught, BaseException, exceptions as values
import sys


def check(age):
    assert isinstance(age, int), f"age must be int, not {type(age).__name__}"
    assert 0 <= age < 150, "age out of range"
    return age


for value in (30, "30", 200):
    try:
        print(check(value))
    except AssertionError as err:
        print("assertion:", err)
for status in (0, 3, "message", None):
    try:
        sys.exit(status)
    except SystemExit as stop:
        print("exit", repr(stop.code), isinstance(stop, Exception))
try:
    raise KeyboardInterrupt
except BaseException as err:
    print(type(err).__name__, err.args)
errors = [ValueError("a"), ValueError("a")]
print(errors[0] == errors[1], errors[0].args == errors[1].args, str(errors))
try:
    raise errors[0]
except ValueError as err:
    print(err is errors[0], err.__traceback__ is not None, sys.exc_info()[0].__name__)
print(sys.exc_info())
try:
    raise "text"
except TypeError:
    print("only exceptions can be raised")
