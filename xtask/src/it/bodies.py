"""The same calls by the original and by us, at a server that writes down what it is asked: where the bodies differ.

    bodies.py OUR_CLIENT

OUR_CLIENT gets the server's address and makes the same calls, in the same order.
"""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smolagents import OpenAIModel, Tool
from smolagents.models import ChatMessage, MessageRole

# What differs on purpose, by the place in the body, and why.
EXPLAINED = {
    "/messages/0/content": "text goes as text, not as a list of one part: some servers take no lists",
    "/messages/1/content": "the same",
}

ANSWER = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ok"}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}
CHUNK = {**ANSWER, "object": "chat.completion.chunk",
         "choices": [{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": "ok"}}]}
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"],
          "additionalProperties": False}

bodies = []


class Recorder(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        bodies.append(body)
        kind, reply = "application/json", json.dumps(ANSWER)
        if body.get("stream"):
            kind, reply = "text/event-stream", f"data: {json.dumps(CHUNK)}\n\ndata: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply.encode())

    def log_message(self, *_):
        pass


class Add(Tool):
    name = "add"
    description = "Adds two numbers."
    inputs = {"a": {"type": "integer", "description": "One."}, "b": {"type": "integer", "description": "Another."}}
    output_type = "integer"

    def forward(self, a: int, b: int) -> int:
        return a + b


def original(url):
    """The original's calls, each with a name."""
    asked = [
        ChatMessage(role=MessageRole.SYSTEM, content=[{"type": "text", "text": "Be brief."}]),
        ChatMessage(role=MessageRole.USER, content=[{"type": "text", "text": "Hello"}]),
    ]
    model = lambda name, **settings: OpenAIModel(name, api_base=url, api_key="none", **settings)
    yield "text", lambda: model("gpt-4o").generate(asked, stop_sequences=["</code>"])
    yield "settings", lambda: model("gpt-4o", temperature=0.5, max_tokens=9).generate(asked)
    yield "reasoning model", lambda: model("o3").generate(asked, stop_sequences=["</code>"])
    yield "tools", lambda: model("gpt-4o").generate(asked, tools_to_call_from=[Add()])
    schema = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}}
    yield "schema", lambda: model("gpt-4o").generate(asked, response_format=schema)
    yield "stream", lambda: list(model("gpt-4o").generate_stream(asked))


def differences(one, other, place=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from differences(one.get(key), other.get(key), f"{place}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (left, right) in enumerate(zip(one, other)):
            yield from differences(left, right, f"{place}/{at}")
    elif one != other:
        yield place, one, other


server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
calls = list(original(url))
for _, call in calls:
    call()
theirs, bodies[:] = list(bodies), []
subprocess.run([sys.argv[1], url], check=True)
unexplained = 0
assert len(bodies) == len(theirs) == len(calls), (len(bodies), len(theirs))
for (name, _), their, our in zip(calls, theirs, bodies):
    print(f"{name}:")
    for place, left, right in differences(their, our):
        why = EXPLAINED.get(place)
        unexplained += why is None
        print(f"  {place}: theirs {json.dumps(left)}, ours {json.dumps(right)}  ({why or 'NOT EXPLAINED'})")
sys.exit(unexplained > 0)
