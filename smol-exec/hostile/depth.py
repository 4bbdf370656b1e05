# == recursion
def f():
    return f()
f()
# == recursion_without_a_limit
import sys
sys.setrecursionlimit(2**31 - 1)
def f():
    return f()
f()
# == recursion_in_c_without_a_limit
import sys
sys.setrecursionlimit(2**31 - 1)
class Odd:
    def __repr__(self):
        return repr([self])
repr(Odd())
# == recursion_by_attribute
class Odd:
    def __getattr__(self, name):
        return getattr(self, name + "x")
Odd().a
# == recursion_by_comparison
import sys
sys.setrecursionlimit(10**8)
a, b = [], []
for _ in range(200_000):
    a, b = [a], [b]
a == b
# == hash_of_a_deep_tuple
deep = ()
for _ in range(1_000_000):
    deep = (deep,)
hash(deep)
# == repr_of_a_deep_list
deep = []
for _ in range(1_000_000):
    deep = [deep]
repr(deep)
# == the_end_of_a_deep_list
deep = []
for _ in range(3_000_000):
    deep = [deep]
del deep
# == the_end_of_deep_objects
class Link:
    pass
first = None
for _ in range(500_000):
    link = Link()
    link.next, first = first, link
del first, link
# == the_end_of_deep_generators
def chain(inner):
    yield from inner
deep = iter(())
for _ in range(100_000):
    deep = chain(deep)
list(deep)
# == a_deep_value_goes_out
deep = 1
for _ in range(100_000):
    deep = {"a": [deep]}
deep
# == a_deep_argument_goes_out
deep = 1
for _ in range(100_000):
    deep = [deep]
ask(deep)
# == a_cycle_goes_out
a, b = [], {}
a.append(b)
b["a"] = a
a
# == nested_brackets
eval("[" * 100_000 + "]" * 100_000)
# == nested_brackets_in_the_block_itself
exec("x = " + "(" * 5000 + ")" * 5000)
# == a_long_chain_of_attributes
eval("a" + ".a" * 1_000_000)
# == a_long_chain_of_calls
eval("f" + "()" * 100_000)
# == a_long_chain_of_signs
eval("-" * 1_000_000 + "1")
# == a_long_chain_of_nots
eval("not " * 500_000 + "1")
# == a_long_sum
eval("+".join(["1"] * 500_000))
# == a_long_chain_of_choices
eval("1 if 1 else " * 100_000 + "1")
# == nested_lambdas
eval("lambda: " * 100_000 + "1")
# == nested_formats
text = "1"
for _ in range(12):
    text = "f'''{" + text + "!r}'''"
eval(text.replace("'''", '"'))
# == nested_blocks
exec("\n".join(" " * n + "if 1:" for n in range(500)) + "\n" + " " * 501 + "pass")
# == nested_functions
exec("\n".join(" " * n + f"def f{n}():" for n in range(99)) + "\n" + " " * 100 + "pass")
# == a_million_names
exec("\n".join(f"name{n} = {n}" for n in range(300_000)))
# == a_long_line
eval("'" + "x" * 50_000_000 + "'")
# == an_unending_text
compile("'''" + "x" * 1_000_000, "<x>", "exec")
# == bytes_that_are_no_code
exec(bytes(range(256)) * 100)
# == deep_json
import json
json.loads("[" * 1_000_000)
# == deep_trees
import ast
ast.literal_eval("-" * 100_000 + "1")
# == deep_patterns
import re
re.compile("(" * 100_000)
# == code_made_by_hand
def f():
    pass
exec(f.__code__.replace(co_code=b"\x64\xff" * 1000, co_stacksize=0))
# == a_stack_that_is_too_small
def f(a):
    return [a, a, a, a, a, a]
g = f.__code__.replace(co_stacksize=1, co_consts=())
type(f)(g, {})(1)
# == an_address_that_is_none
import ctypes
ctypes.string_at(1)
# == a_call_of_nothing
import ctypes
ctypes.CFUNCTYPE(None)(0)()
# == a_count_that_is_wrong
import ctypes
for _ in range(1000):
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(()))
