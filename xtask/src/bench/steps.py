"""The original on the script of benches/steps.rs: prints the same JSON line."""

import json
import resource
import sys
import time

from smolagents import CodeAgent, LogLevel, OpenAIModel

url, runs = sys.argv[1], int(sys.argv[2])
model = OpenAIModel("scripted", api_base=url, api_key="none")


def answer(number):
    return sum(value * 3 for value in (number * i % 97 for i in range(50)) if value * 3 > 30)


def one_run(number):
    agent = CodeAgent(tools=[], model=model, verbosity_level=LogLevel.OFF)
    started = time.perf_counter()
    output = agent.run(f"Task {number}")
    seconds = time.perf_counter() - started
    assert output == answer(number), (number, output)
    return seconds


one_run(0)
started = time.perf_counter()
times = sorted(one_run(number) for number in range(1, runs + 1))
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"ms_per_step": times[len(times) // 2] * 1e3 / 10, "seconds": seconds, "peak_mb": peak}))
