"""A Jupyter kernel's side of the wire: one cell that serves a whole session. What the worker says leaves as prompts for
input, and what the host says comes as what was typed. All of that goes over one channel, so frames keep their order, and
over none that servers thin out: they drop output of code that is much or comes fast."""

import asyncio
import base64
import builtins
import codecs
import json
import os
import select
import signal
import sys
import threading
import types

import zmq

# What a prompt brings: a frame of the worker's, or what was printed past it.
FRAME, PRINTED = "=", "-"
PIECE = 1 << 20
INTERRUPT = {signal.SIGINT}
FORMATS = {"image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg"}


class Relay:
    """The kernel's socket for input. Whoever says something hands it over at once, because code in C would keep any other
    thread from it; a thread waits for what is typed. The socket takes one thread at a time."""

    def __init__(self, kernel, typed, printed):
        self.socket, self.session, self.lock = kernel.stdin_socket, kernel.session, threading.Lock()
        self.parent, self.identity = kernel.get_parent("shell"), kernel._parent_ident["shell"]
        self.typed, self.printed, self.decoder = typed, printed, codecs.getincrementaldecoder("utf-8")("replace")
        self.woken, self.wake = os.pipe()
        os.set_blocking(printed, False)
        # A host that reads slowly is waited for; without this, messages would be lost.
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)

    def say(self, frame):
        # What is half said could not be said to its end after an interrupt.
        signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPT)
        try:
            with self.lock:
                self.hand_on_printed()
                self.ask(FRAME + frame)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPT)

    def hand_on_printed(self):
        try:
            self.ask(PRINTED + self.decoder.decode(os.read(self.printed, PIECE)))
        except BlockingIOError:
            pass

    def ask(self, prompt):
        content = {"prompt": prompt, "password": False}
        self.session.send(self.socket, "input_request", content, self.parent, ident=self.identity)
        # Sending may swallow the sign that something has come.
        if self.socket.events & zmq.POLLIN:
            os.write(self.wake, b"!")

    def listen(self):
        poll = select.poll()
        for source in (self.socket.fd, self.printed, self.woken):
            poll.register(source, select.POLLIN)
        try:
            while True:
                ready = {source for source, _ in poll.poll()}
                if self.woken in ready:
                    os.read(self.woken, PIECE)
                with self.lock:
                    self.hand_on_printed()
                    texts = list(iter(self.receive, None))
                data = memoryview("".join(texts).encode())
                while data:
                    data = data[os.write(self.typed, data) :]
        finally:
            # The worker takes it as the host's end.
            os.close(self.typed)

    def receive(self):
        _, message = self.session.recv(self.socket)
        return message and message["content"]["value"]


def serve(shell):
    """Brings the guest program, whose source is the first line that is typed, and runs it until the host hangs up."""
    (source, typed), (printed, errors) = os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (errors, 1), (errors, 2)):
        os.dup2(old, new)
    relay = Relay(shell.kernel, typed, printed)
    threading.Thread(target=relay.listen, daemon=True).start()
    source = os.fdopen(source, "rb")
    for name, code in json.loads(source.readline()):
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(code, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
    leave_the_kernel(shell)

    class KernelWorker(module.Worker):
        def send(self, kind, body):
            relay.say(module.to_line([self.turn, {kind: body}]).decode())

    KernelWorker(source, None, session_type(shell)).serve()
    os._exit(0)


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
