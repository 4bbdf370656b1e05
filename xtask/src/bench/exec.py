"""What the original's executors cost, in the form of smol-exec/examples/bench_exec.rs: its own evaluator, and Docker where a
daemon runs."""

import statistics
import time

FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(24)"


def taken(work, times):
    def one():
        started = time.perf_counter()
        work()
        return (time.perf_counter() - started) * 1e3

    return statistics.median(one() for _ in range(times))


def show(name, start, block, call, fib):
    figures = f"start {start:9.2f} ms   block {block:8.3f} ms   tool call {call:8.3f} ms   fib(24) {fib:9.2f} ms"
    print(f"{name:28}{figures}")


def local():
    from smolagents.local_python_executor import LocalPythonExecutor

    def fresh():
        executor = LocalPythonExecutor([], timeout_seconds=None)
        executor.send_tools({"add": lambda a: 2})
        return executor

    executor = fresh()
    executor("x = 0")
    call = taken(lambda: executor("for _ in range(300): add(1)"), 1) / 300
    show(
        "smolagents 1.26, evaluator",
        taken(lambda: fresh()("print('hello')"), 10),
        taken(lambda: executor("x += 1"), 200),
        call,
        taken(lambda: executor(FIB), 3),
    )


def docker():
    from smolagents import LogLevel
    from smolagents.monitoring import AgentLogger
    from smolagents.remote_executors import DockerExecutor

    started = time.perf_counter()
    executor = DockerExecutor([], AgentLogger(level=LogLevel.OFF))
    try:
        executor("print('hello')")
        start = (time.perf_counter() - started) * 1e3
        executor("x = 0")
        show("smolagents 1.26, Docker", start, taken(lambda: executor("x += 1"), 20), float("nan"), taken(lambda: executor(FIB), 3))
    finally:
        executor.cleanup()


local()
try:
    docker()
except Exception as error:
    print(f"{'smolagents 1.26, Docker':28}not here: {str(error).splitlines()[0][:100]}")
