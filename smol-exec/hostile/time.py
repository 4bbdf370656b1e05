# == a_loop
while True:
    pass
# == a_sleep
import time
time.sleep(10**6)
# == a_loop_that_catches
while True:
    try:
        while True:
            n = len("a")
    except BaseException:
        pass
# == a_loop_in_finally
try:
    while True:
        pass
finally:
    while True:
        pass
# == a_loop_in_c
max(iter(int, 1))
# == a_sum_in_c
sum(range(10**14))
# == a_search_in_c
10**10 in iter(range(10**12).__iter__().__next__, -1)
# == consumed_in_c
import collections, itertools
collections.deque(itertools.repeat(0), maxlen=0)
# == a_power
3 ** 10**8
# == a_power_of_a_power
2**2**2**2**2**2
# == digits_of_a_power
import sys
sys.set_int_max_str_digits(0)
str(7 ** 2_000_000)
# == a_factorial
import math
math.factorial(3_000_000)
# == a_binomial
import math
math.comb(10**8, 5 * 10**7)
# == an_expression_that_backtracks
import re
re.match(r"(a+)+$", "a" * 60 + "b")
# == one_that_backtracks_otherwise
import re
re.match(r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 60)
# == one_with_references
import re
re.match(r"(x+x+)+y(?=\1)", "x" * 60)
# == one_that_counts
import re
re.compile("(" * 50 + "a" + "{1,1000})" * 50)
# == a_permutation
import itertools
sum(1 for _ in itertools.permutations(range(20)))
# == a_recursion_that_branches
def f(n):
    return f(n - 1) + f(n - 2) if n > 1 else n
f(80)
# == hashes_that_collide
class Same:
    def __hash__(self):
        return 1
{Same(): 0 for _ in range(30_000)}
# == comparison_without_end
class Odd:
    def __eq__(self, other):
        while True:
            pass
[Odd()] == [Odd()]
# == a_lock_held_twice
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
# == an_event_that_never_comes
import threading
threading.Event().wait()
# == a_queue_that_stays_empty
import queue
queue.Queue().get()
# == a_task_that_never_ends
import asyncio
async def never():
    await asyncio.Event().wait()
asyncio.run(never())
# == tasks_that_make_tasks
import asyncio
async def more():
    while True:
        asyncio.create_task(more())
        await asyncio.sleep(0)
asyncio.run(more())
# == reading_from_nowhere
import sys
sys.__stdin__.read() if sys.__stdin__ else input()
# == waiting_on_a_descriptor
import select
select.select([], [], [])
# == signals_off
import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
# == signals_masked
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
# == a_trace_that_loops
import sys
def trace(*_):
    while True:
        pass
sys.settrace(trace)
def called():
    pass
called()
# == a_check_of_subclasses_that_loops
class Meta(type):
    def __instancecheck__(cls, other):
        while True:
            pass
class Odd(metaclass=Meta):
    pass
isinstance(1, Odd)
# == tools_without_end
while True:
    ask("again")
