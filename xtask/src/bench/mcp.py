"""What a call costs the protocol's own Python client: CALLS, then the server's program and arguments."""

import json
import resource
import statistics
import sys
import time

import anyio
import mcp
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client

CALLS, PROGRAM, *ARGUMENTS = sys.argv[1:]


async def main():
    begun = time.perf_counter()
    parameters = StdioServerParameters(command=PROGRAM, args=ARGUMENTS)
    async with mcp.Client(stdio_client(parameters), mode="legacy") as client:
        await client.list_tools()
        connected = time.perf_counter() - begun
        times = []
        for _ in range(int(CALLS)):
            begun = time.perf_counter()
            await client.call_tool("echo", {"message": "hello"})
            times.append((time.perf_counter() - begun) * 1e6)
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"connect_ms": round(connected * 1e3), "median_us": round(statistics.median(times)),
                      "p95_us": round(times[len(times) * 95 // 100]), "memory_mib": round(peak, 1)}, separators=(",", ":")))


anyio.run(main)
