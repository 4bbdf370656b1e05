# == a_pickle_that_runs
import pickle
class Odd:
    def __reduce__(self):
        import os
        return os.system, ("echo here",)
pickle.dumps(Odd())
# == a_pickle_that_goes_out
class Odd:
    def __reduce__(self):
        return eval, ("__import__('os').environ",)
Odd()
# == a_pickle_as_bytes
b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."
# == a_pickle_as_an_argument
import pickle
ask(pickle.dumps(print))
# == a_pickle_that_grows
import pickle
pickle.loads(b"(" + b"I1\n2" * 100 + b"t" * 10 + b".")
# == a_dictionary_that_lies
class Odd(dict):
    def items(self):
        while True:
            yield "a", 1
    __iter__ = keys = items
Odd(a=1)
# == a_list_that_lies
class Odd(list):
    def __iter__(self):
        while True:
            yield 1
    def __len__(self):
        return 1
Odd([1])
# == a_text_that_lies
class Odd(str):
    def __str__(self):
        return open(secret_file).read()
    __repr__ = encode = __str__
Odd("x")
# == a_number_that_lies
class Odd(int):
    def __int__(self):
        while True:
            pass
    __index__ = __repr__ = __int__
Odd(1)
# == a_repr_that_exits
class Odd:
    def __repr__(self):
        raise SystemExit
Odd()
# == a_repr_that_is_no_text
class Odd:
    def __repr__(self):
        return 1
Odd()
# == a_repr_that_loops
class Odd:
    def __repr__(self):
        while True:
            pass
[Odd()]
# == a_repr_that_calls_a_tool
class Odd:
    def __repr__(self):
        return ask("from a repr")
Odd()
# == a_repr_that_is_huge
class Odd:
    def __repr__(self):
        return "x" * 100_000_000
[Odd() for _ in range(10)]
# == a_class_whose_name_lies
type("x\n[2, {}]\n" * 1000, (), {})()
# == a_dataclass_that_loops
import dataclasses
@dataclasses.dataclass
class Odd:
    me: object = None
odd = Odd()
odd.me = odd
odd
# == a_property_that_reads
import dataclasses
@dataclasses.dataclass
class Odd:
    value: int = 1
    def __getattribute__(self, name):
        if name == "value":
            return open(secret_file).read()
        return object.__getattribute__(self, name)
Odd()
# == numbers_that_json_lacks
[float("nan"), float("inf"), -float("inf"), -0.0, 5e-324, 2**63, -(2**63) - 1, 1e308 * 10]
# == keys_that_json_lacks
{None: 1, True: 2, 1.5: 3, (1, 2): 4, b"x": 5, frozenset([1]): 6}
# == keys_that_are_alike
{"a": 1, type("S", (str,), {"__hash__": lambda self: 7, "__eq__": lambda *_: False})("a"): 2}
# == a_tag_of_our_own
{"__type__": "path", "text": secret_file}
# == a_tag_inside_a_tag
{"__type__": {"__type__": {"__type__": "set"}}, "items": [{"__type__": "tuple"}]}
# == a_decimal_that_is_huge
import decimal
decimal.Decimal("1e999999999999999999")
# == a_fraction_that_is_huge
import fractions
fractions.Fraction(1, 3**100_000)
# == a_date_that_lies
import datetime
class Odd(datetime.datetime):
    def isoformat(self, *_):
        return "x" * 10_000_000
Odd(2024, 1, 1)
# == a_path_that_lies
import pathlib
pathlib.PurePosixPath("../" * 100_000)
# == wide_and_deep
[[[[list(range(40))] * 40] * 40] * 40]
# == the_same_a_thousand_times
row = ["x" * 1000] * 1000
[row] * 1000
# == an_iterator_without_end
import itertools
itertools.count()
# == a_module
import os
os
# == the_guest_itself
import sys
sys.modules, globals(), sys._getframe()
# == an_archive_that_climbs
import io, tarfile
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as out:
    entry = tarfile.TarInfo("../../../../../../tmp/climbed")
    entry.size = 4
    out.addfile(entry, io.BytesIO(b"here"))
packed.seek(0)
tarfile.open(fileobj=packed).extractall(".")
# == a_zip_that_climbs
import io, zipfile
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w") as out:
    out.writestr("../../../../../../tmp/climbed", "here")
zipfile.ZipFile(packed).extractall(".")
