"""An MCP server in few lines, with tools that read, write, give values and lie."""

import json
import sys

NUMBERS = {"type": "object", "properties": {"values": {"type": "array", "items": {"type": "integer"}}},
           "required": ["values"]}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def tool(name, properties=None, reads=True, **more):
    schema = {"type": "object", "properties": properties or {}, "required": list(properties or {})}
    return {"name": name, "description": name, "inputSchema": schema, "annotations": {"readOnlyHint": reads}, **more}


TOOLS = [
    tool("read-note", {"number": {"type": "integer"}}),
    tool("send-money", {"to": {"type": "string"}, "amount": {"type": "number"}}, reads=False),
    tool("numbers", outputSchema=NUMBERS),
    tool("lies", outputSchema=NUMBERS),
    tool("picture"),
]


def call(name, arguments):
    match name:
        case "read-note":
            return text("You owe 5 to CH93-0076-2011")
        case "send-money":
            return text(f"sent {arguments['amount']} to {arguments['to']}")
        case "numbers":
            return {"content": [], "structuredContent": {"values": [1, 2, 3]}}
        case "lies":
            return {"content": [], "structuredContent": {"values": "many"}}
        case "picture":
            return {"content": [{"type": "image", "data": PIXEL, "mimeType": "image/png"}]}


def text(words):
    return {"content": [{"type": "text", "text": words}]}


def answer(method, params):
    match method:
        case "initialize":
            server = {"name": "notes", "version": "1"}
            return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": server}
        case "tools/list":
            return {"tools": TOOLS}
        case "tools/call":
            return call(params["name"], params.get("arguments", {}))


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        result = answer(message["method"], message.get("params", {}))
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
