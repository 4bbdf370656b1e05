"""The wasm component's side of the wire: JSON frames over the world's two functions."""

import json
import os
import sys

from guest_session import Session
from guest_threadless import install
from wit_world import call as ask
from wit_world import write

session = None
install()


def to_json(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Python's strings may hold halves of surrogate pairs, which no other text does.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def call(name, arguments):
    return json.loads(ask(to_json({"name": name, "arguments": arguments})))


def find_files(files):
    if files:
        # A module's compiled form would be a file that nobody asked for.
        sys.dont_write_bytecode = True
        sys.path[:] = files["packages"]
        os.chdir(files["folder"])


def feed(request):
    global session
    request = json.loads(request)
    if "open" in request:
        session = Session(request["open"], call, write)
        find_files(request.get("files"))
        return "{}"
    return to_json(session.run(request["code"]))
