# contextmanager, suppress, ExitStack, closing, nullcontext, redirect_stdout
import io
from contextlib import ExitStack, closing, contextmanager, nullcontext, redirect_stdout, suppress


@contextmanager
def section(title):
    print(f"<{title}>")
    try:
        yield title.upper()
    except LookupError as err:
        print("handled", type(err).__name__)
    finally:
        print(f"</{title}>")


with section("one") as name:
    print(name)
with section("two"):
    {}["missing"]
with suppress(ValueError, TypeError):
    int("x")
    print("not reached")


@section("deco")
def job(n):
    return n + 1


print(job(1))
with ExitStack() as stack:
    names = [stack.enter_context(section(t)) for t in "pq"]
    stack.callback(print, "callback", sep="!")
    print(names)


class Door:
    def close(self):
        print("door closed")


with closing(Door()), nullcontext(5) as five:
    print(five)
out = io.StringIO()
with redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()))
