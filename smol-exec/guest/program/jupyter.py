"""A Jupyter kernel's side of the wire: one cell that serves a whole session. What the worker says leaves as prompts for
input, and what the host says comes as what was typed. All of that goes over one channel, so frames keep their order, and
over none that servers thin out: they drop output of code that is much or comes fast."""

import asyncio
import base64
import builtins
import codecs
import json
import os
import signal
import sys
import threading
import types

import zmq

# What a prompt brings: a piece of the worker's frames, or what was printed past the worker.
FRAMES, PRINTED = "=", "-"
PIECE = 1 << 20
FORMATS = {"image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg"}


class Relay:
    """Moves bytes between pipes and the kernel's socket for input, which must be used by one thread alone."""

    def __init__(self, kernel, typed, outputs):
        self.socket, self.session, self.typed = kernel.stdin_socket, kernel.session, typed
        self.parent, self.identity = kernel.get_parent("shell"), kernel._parent_ident["shell"]
        self.outputs = [(kind, pipe, codecs.getincrementaldecoder("utf-8")("replace")) for kind, pipe in outputs]
        # A host that reads slowly is waited for; without this, messages would be lost.
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)

    def run(self):
        poller = zmq.Poller()
        for source in (self.socket, *(pipe for _, pipe, _ in self.outputs)):
            poller.register(source, zmq.POLLIN)
        try:
            while True:
                self.move(dict(poller.poll()))
        finally:
            # The worker takes it as the host's end.
            os.close(self.typed)

    def move(self, ready):
        for kind, pipe, decoder in self.outputs:
            if pipe in ready:
                content = {"prompt": kind + decoder.decode(os.read(pipe, PIECE)), "password": False}
                self.session.send(self.socket, "input_request", content, self.parent, ident=self.identity)
        if self.socket in ready:
            _, message = self.session.recv(self.socket)
            data = memoryview(message["content"]["value"].encode())
            while data:
                data = data[os.write(self.typed, data) :]


def serve(shell):
    """Brings the guest program, whose source is the first line that is typed, and runs it until the host hangs up."""
    (source, typed), (said, sink), (printed, errors) = os.pipe(), os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (errors, 1), (errors, 2)):
        os.dup2(old, new)
    # What was printed before a frame is then there before it.
    relay = Relay(shell.kernel, typed, [(PRINTED, printed), (FRAMES, said)])
    threading.Thread(target=relay.run, daemon=True).start()
    source = os.fdopen(source, "rb")
    for name, code in json.loads(source.readline()):
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(code, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    leave_the_kernel(shell)
    module.serve(source, sink, lambda *parts: session_type(shell)(*parts))


def leave_the_kernel(shell):
    """Code finds what any program finds: no loop that runs already, and nobody who types. And a kernel that is to end does
    so at once: it would wait for this cell first."""
    shell.kernel.do_shutdown = end
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(asyncio.new_event_loop())
    builtins.input = getattr(shell.kernel, "_sys_raw_input", None) or builtins.input


def end(*_):
    """Ends with all that the code has started, as far as it is in the kernel's own group of processes."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def session_type(shell):
    from guest_session import Session
    from guest_values import MAX_CHARACTERS, TAG

    class KernelSession(Session):
        """Shows what a notebook would show: a value that is a picture or a page goes as one, and of a block without a
        value, what it displayed is the value."""

        def __init__(self, *parts):
            super().__init__(*parts)
            self.displayed, self.room = [], 0
            shell.display_pub.publish = self.display

        def display(self, data, *_, **__):
            data, text = as_data(data), data.get("text/plain", "")
            self.room -= len(text) + size(data)
            if data and self.room >= 0:
                self.displayed.append((data, text))

        def execute(self, code, name):
            self.displayed, self.room = [], MAX_CHARACTERS
            value = super().execute(code, name)
            # Libraries that draw show then what is drawn.
            shell.events.trigger("post_execute")
            return value

        def shown(self, kind, value, text):
            outcome = super().shown(kind, value, text)
            body = outcome[kind]
            if kind == "value" and value is None and self.displayed:
                values, texts = zip(*self.displayed)
                body.update(value=values[0] if len(values) == 1 else values, text=self.clip("\n".join(texts)))
            elif isinstance(body["value"], dict) and body["value"].get(TAG) == "repr":
                data = as_data(shell.display_formatter.format(value)[0])
                if data and size(data) <= MAX_CHARACTERS:
                    body["value"] = data
            return outcome

    def as_data(bundle):
        for kind, format in FORMATS.items():
            if kind in bundle:
                return {TAG: "image", "format": format, "base64": as_base64(bundle[kind], kind)}
        return {TAG: "html", "text": bundle["text/html"]} if "text/html" in bundle else None

    return KernelSession


def size(data):
    return sum(map(len, data.values())) if data else 0


def as_base64(data, kind):
    """Bytes become text on the way to a frontend; only of SVG is the text its own."""
    if isinstance(data, str) and kind != "image/svg+xml":
        return "".join(data.split())
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


serve(get_ipython())
