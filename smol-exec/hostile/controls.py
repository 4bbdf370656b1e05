# == a_sum: runs
assert sum(range(10)) == 45
# == a_database_in_memory: runs
import sqlite3
assert sqlite3.connect(":memory:").execute("select 6 * 7").fetchone() == (42,)
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
# == a_file_in_memory: runs
import io
with io.StringIO("text") as file:
    assert file.read() == "text"
