# == a_sum: runs
assert sum(range(10)) == 45
# == a_file_of_ones_own: runs
with open("note", "w") as note:
    note.write("text")
assert open("note").read() == "text"
# == a_call: runs
assert ask("value") == "value"
# == json_and_back: runs
import json
assert json.loads(json.dumps({"a": [1, None]})) == {"a": [1, None]}
# == an_error_that_is_caught: runs
try:
    1 / 0
except ZeroDivisionError:
    pass
# == an_expression: runs
import re
assert re.sub("a+", "b", "caat") == "cbt"
# == some_memory: runs
assert len(bytearray(20 << 20)) == 20 << 20
# == an_answer: runs
final_answer([1, "a"])
# == numbers: runs
import math, statistics, fractions
assert math.isclose(statistics.mean([1, 2, 3]), 2) and fractions.Fraction(1, 3) * 3 == 1
# == a_temporary_file: runs
import tempfile
with tempfile.TemporaryFile() as file:
    file.write(b"text")
