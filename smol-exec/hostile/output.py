# == lines_without_end
while True:
    print("x")
# == a_line_without_end
while True:
    print("x", end="")
# == one_huge_line
print("x" * 100_000_000)
# == huge_lines_without_end
line = "x" * 1_000_000
while True:
    print(line)
# == errors_without_end
import sys
while True:
    sys.stderr.write("x" * 1000)
# == past_the_streams
import os
while True:
    os.write(2, b"x" * 65536)
# == past_the_streams_to_the_other
import os
while True:
    os.write(1, b"x" * 65536)
# == to_every_descriptor
import os
for number in range(0, 300):
    try:
        os.write(number, b"hello\n")
    except OSError:
        pass
# == every_descriptor_closed
import os
os.closerange(0, 300)
print("here")
# == every_descriptor_replaced
import os
null = os.open("/dev/null", os.O_RDWR)
for number in range(0, 30):
    os.dup2(null, number)
print("here")
# == signs_that_move_a_cursor
print("\x1b[2J\x1b[H\x1b]0;title\x07\x00\x08\x7f")
# == half_pairs
print("\ud800\udc00\ud800")
"\udfff"
# == bytes_that_are_no_text
import sys, os
os.write(1, bytes(range(256)))
sys.stdout.buffer.write(bytes(range(256)))
# == signs_that_pile_up
print("a" + "\u0301" * 100_000)
# == a_huge_value
"x" * 50_000_000
# == a_huge_error
raise ValueError("x" * 50_000_000)
# == a_huge_name_of_an_error
raise type("E" * 5_000_000, (Exception,), {})()
# == a_huge_chain_of_errors
error = None
for number in range(50_000):
    try:
        raise ValueError(number) from error
    except ValueError as next_one:
        error = next_one
raise error
# == a_huge_group_of_errors
raise ExceptionGroup("many", [ValueError(n) for n in range(50_000)])
# == errors_in_a_circle
one, other = ValueError(1), ValueError(2)
one.__cause__, other.__cause__ = other, one
raise one
# == an_error_whose_text_fails
class Odd(Exception):
    def __str__(self):
        raise self
raise Odd
# == an_error_whose_text_never_comes
class Odd(Exception):
    def __str__(self):
        while True:
            pass
raise Odd
# == an_argument_that_is_huge
ask("x" * 40_000_000)
# == arguments_by_the_million
ask(list(range(2_000_000)))
# == a_stream_that_fails
import sys
class Odd:
    def write(self, text):
        raise ValueError
    flush = write
sys.stdout = sys.stderr = Odd()
print("here")
# == the_guests_stream_closed
import sys
sys.stdout.close()
print("here")
# == the_guests_stream_detached
import sys
sys.stdout.detach()
# == warnings_without_end
import warnings
warnings.simplefilter("always")
while True:
    warnings.warn("again")
