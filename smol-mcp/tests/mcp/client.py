"""The protocol's own Python client against our server: an address and a token, or a command. For each way that a
connection begins, and each thing that a person says, it prints what it saw as a line of JSON."""

import json
import sys

import anyio
import httpx2
import mcp
from mcp import StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

SERVER = sys.argv[1:]


def server():
    if SERVER[0].startswith("http"):
        headers = {"Authorization": f"Bearer {SERVER[1]}"} if len(SERVER) > 1 else {}
        return streamable_http_client(SERVER[0], http_client=httpx2.AsyncClient(headers=headers, timeout=30))
    return stdio_client(StdioServerParameters(command=SERVER[0], args=SERVER[1:]))


def seen(result):
    kinds = [[block.type, getattr(block, "text", None)] for block in result.content]
    return {"content": kinds, "structured": result.structured_content, "error": bool(result.is_error)}


async def visit(mode, says):
    asked, progress = [], []

    async def elicit(context, params):
        asked.append(params.message)
        if says == "accept":
            return types.ElicitResult(action="accept", content={"approve": True})
        return types.ElicitResult(action="decline")

    async def told(done, total, message):
        progress.append([done, message])

    async with mcp.Client(server(), mode=mode, elicitation_callback=elicit) as client:
        tools = (await client.list_tools()).tools
        found = {tool.name: tool.annotations.read_only_hint for tool in tools}
        calls = {name: seen(await client.call_tool(name, {})) for name in found if name.startswith("test_")}
        for name in ("numbers", "pair"):
            calls[name] = seen(await client.call_tool(name, {}))
        wrong = seen(await client.call_tool("cashier", {}))
        paid = seen(await client.call_tool("cashier", {"task": "pay it"}, progress_callback=told))
        # A call that nobody waits for any more, beside one that somebody does.
        with anyio.move_on_after(1) as waiting:
            await client.call_tool("cashier", {"task": "wait"})
        several = []
        async with anyio.create_task_group() as group:
            for _ in range(10):
                async def one():
                    several.append(seen(await client.call_tool("pair", {}))["structured"])
                group.start_soon(one)
    print(json.dumps({"says": says, "tools": found, "calls": calls, "wrong": wrong, "paid": paid, "asked": asked,
                      "progress": progress, "cancelled": waiting.cancelled_caught, "several": several}))


async def main():
    for mode in ("legacy", "auto"):
        for says in ("accept", "decline"):
            await visit(mode, says)


anyio.run(main)
