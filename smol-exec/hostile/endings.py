# == at_exit_loops
import atexit
def loop():
    while True:
        pass
atexit.register(loop)
# == at_exit_prints_the_secret
import atexit
atexit.register(lambda: print(open(secret_file).read()))
# == at_exit_and_exit
import atexit, sys
atexit.register(print, "late")
sys.exit(1)
# == the_end_of_an_object_loops
class Odd:
    def __del__(self):
        while True:
            pass
Odd()
# == the_end_of_an_object_raises
class Odd:
    def __del__(self):
        raise SystemExit
Odd()
# == the_end_of_an_object_that_comes_back
kept = []
class Odd:
    def __del__(self):
        kept.append(self)
for _ in range(1000):
    Odd()
# == the_end_of_an_object_that_makes_more
class Odd:
    def __del__(self):
        Odd()
Odd()
# == the_end_of_an_object_calls_a_tool
class Odd:
    def __del__(self):
        ask("at the end")
Odd()
# == a_weak_reference_that_loops
import weakref
class Odd:
    pass
odd = Odd()
weakref.finalize(odd, lambda: [None for _ in iter(int, 1)])
del odd
# == the_collector_is_told
import gc
gc.callbacks.append(lambda *_: 1 / 0)
gc.collect()
# == the_hook_of_errors_loops
import sys
def hook(*_):
    while True:
        pass
sys.excepthook = sys.unraisablehook = hook
raise ValueError
# == the_hook_of_audits_loops
import sys
def hook(name, arguments):
    if name == "import":
        while True:
            pass
sys.addaudithook(hook)
import wave
# == the_hook_of_audits_refuses_all
import sys
def refuse(*_):
    raise RuntimeError("no")
sys.addaudithook(refuse)
# == exits
exit()
# == quits_from_a_thread
import _thread
_thread.interrupt_main()
# == an_abort
import os
os.abort()
# == a_signal_that_kills
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
# == a_signal_that_kills_by_raising
import signal
signal.raise_signal(signal.SIGTERM)
# == an_alarm_after_the_end
import signal
signal.setitimer(signal.ITIMER_REAL, 0.05)
# == alarms_without_end
import signal
signal.signal(signal.SIGALRM, lambda *_: 1 / 0)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
while True:
    try:
        while True:
            n = len("a")
    except ZeroDivisionError:
        pass
# == an_interrupt_of_ones_own
import signal
signal.raise_signal(signal.SIGINT)
# == an_interrupt_that_is_taken_away
import signal
signal.signal(signal.SIGINT, lambda *_: print("ignored"))
while True:
    pass
# == a_fault
import ctypes
ctypes.string_at(0)
# == a_fault_that_is_handled
import faulthandler, ctypes, sys
faulthandler.enable(open("faults", "w"))
ctypes.string_at(0)
# == a_dump_of_all_stacks
import faulthandler
faulthandler.dump_traceback_later(0.05, repeat=True, file=open("stacks", "w"))
# == a_profile_that_loops
import sys
def profile(*_):
    while True:
        pass
sys.setprofile(profile)
# == a_trace_of_the_guest
import sys
seen = []
def trace(frame, *_):
    seen.append(repr(frame.f_locals)[:200])
    return trace
sys.settrace(trace)
ask(1)
seen
# == the_last_word_of_a_thread
import threading
class Odd(threading.local):
    def __del__(self):
        while True:
            pass
local = Odd()
