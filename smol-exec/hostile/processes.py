# == fork_bomb
import os
while True:
    os.fork()
# == fork_bomb_that_sleeps
import os, time
while True:
    try:
        if os.fork() == 0:
            time.sleep(1000)
    except OSError:
        break
# == fork_bomb_that_flees
import os
while True:
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
# == fork_bomb_of_the_shell
import os
os.system("f() { f | f & }; f")
# == a_child_that_outlives
import subprocess
subprocess.Popen(["sleep", "1000"], start_new_session=True)
# == a_daemon
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 100):
            try:
                os.close(number)
            except OSError:
                pass
        time.sleep(1000)
    os._exit(0)
# == a_child_that_goes_on_with_the_block
import os
os.fork()
print("which am I?")
# == a_child_that_answers_instead: no answer
import os
if os.fork() == 0:
    final_answer("from a child")
os.wait()
# == thread_bomb
import threading, time
while True:
    threading.Thread(target=time.sleep, args=[1000]).start()
# == threads_that_spin
import threading
def spin():
    while True:
        pass
for _ in range(20):
    threading.Thread(target=spin, daemon=True).start()
# == threads_that_print
import threading
def shout():
    while True:
        print("x" * 1000)
for _ in range(4):
    threading.Thread(target=shout, daemon=True).start()
# == threads_without_threading
import _thread
while True:
    _thread.start_new_thread(_thread.allocate_lock().acquire, ())
# == many_processes
import multiprocessing
multiprocessing.Pool(200).map(abs, range(1000))
# == a_pool_of_processes
from concurrent.futures import ProcessPoolExecutor
list(ProcessPoolExecutor(50).map(abs, range(100)))
# == kill_the_host
import os
os.kill(host, 9)
# == kill_everybody
import os
os.kill(-1, 9)
# == kill_the_parent
import os
os.kill(os.getppid(), 9)
# == kill_the_group
import os
os.killpg(0, 9)
# == kill_all_by_number
import os
for number in range(2, 5000):
    try:
        os.kill(number, 9)
    except OSError:
        pass
# == trace_the_host
import ctypes
ctypes.CDLL(None).ptrace(16, host, None, None)
# == read_the_memory_of_the_host
import ctypes
ctypes.CDLL(None).process_vm_readv(host, None, 0, None, 0, 0)
# == more_rights
import os, ctypes
c = ctypes.CDLL(None)
[c.setuid(0), c.setgid(0), c.capset(b"\x22\x05\x08\x20" + bytes(4), b"\xff" * 24), c.unshare(0x10000000), c.prctl(38, 0, 0, 0, 0)]
# == the_limits_off
import resource
for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
    resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
# == run_something_else
import os
os.execv("/bin/sh", ["sh", "-c", "while true; do echo here; done"])
# == calls_of_another_machine
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=7)
code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
# == more_important_than_others
import os
os.nice(-20)
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
# == stop_yourself
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
