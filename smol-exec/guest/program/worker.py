"""A process's side of the wire: a frame a line over what were its standard input and output. A frame is [turn, {kind: body}],
and every block is a turn, so that what comes too late shows. Prints never get there: they are frames of their own, and
what code writes to the file descriptors 1 and 2 goes to the error stream."""

import _thread
import json
import os
import queue
import signal
import sys
import threading

from guest_confine import confine
from guest_session import Session

# What a block prints is sent as it comes up to this many times the limit; of the rest only the end is.
PROMPT_SHARE = 2


def to_line(frame):
    # Not as escapes: half of a surrogate pair would be one that the host cannot read.
    text = json.dumps(frame, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace") + b"\n"


class Worker:
    def __init__(self, source, sink, make_session=Session):
        self.source, self.sink, self.make_session = source, sink, make_session
        self.process, self.lock, self.calling = os.getpid(), threading.RLock(), threading.Lock()
        self.turn, self.calls, self.replies, self.blocks = 0, 0, queue.SimpleQueue(), queue.SimpleQueue()

    def send(self, kind, body):
        data = memoryview(to_line([self.turn, {kind: body}]))
        with self.lock:
            while data:
                data = data[os.write(self.sink, data) :]

    def serve(self):
        """Runs blocks until the host hangs up."""
        _, opening = json.loads(self.source.readline())
        try:
            confined = confine(opening["confine"])
            self.limit = opening["open"]["output_limit"]
            self.session = self.make_session(opening["open"], self.call, self.write)
        except Exception as error:
            return self.send("failed", f"{type(error).__name__}: {error}")
        signal.signal(signal.SIGINT, self.on_interrupt)
        self.send("ready", {"python": ".".join(map(str, sys.version_info[:3])), "confined": confined})
        threading.Thread(target=self.listen, daemon=True).start()
        while (block := self.blocks.get()) is not None:
            self.run(*block)

    def listen(self):
        """Hears the host also while a block runs."""
        main = threading.main_thread().ident
        for line in self.source:
            turn, frame = json.loads(line)
            if "code" in frame:
                self.blocks.put((turn, frame["code"]))
            elif "reply" in frame:
                self.replies.put(frame["reply"])
            elif turn == self.turn:
                signal.pthread_kill(main, signal.SIGINT)
        # The host has gone, and nobody else would end a block that runs on.
        os._exit(0)

    def on_interrupt(self, *_):
        if self.turn:
            raise KeyboardInterrupt("the block has run out of time")

    def run(self, turn, code):
        self.printed, self.skipped, self.tail = 0, 0, ""
        self.turn = turn
        try:
            ended = self.session.run(code)
        except BaseException as error:
            # An interrupt that came while the outcome was being made.
            ended = {"raised": {"kind": type(error).__name__, "error": f"{type(error).__name__}: {error}"}}
        if os.getpid() != self.process:
            # A child that went on with the block has no say in how it ended.
            os._exit(0)
        with self.lock:
            if self.skipped:
                self.send("skipped", self.skipped)
            if self.tail:
                self.send("write", self.tail)
            self.send("ended", ended)
            self.turn = 0

    def write(self, text):
        """Sends what was printed, or keeps its end: a flood is not to keep the host busy."""
        if os.getpid() != self.process:
            os.write(2, text.encode("utf-8", "replace"))
            return
        with self.lock:
            if not self.turn:
                return
            if self.printed < self.limit * PROMPT_SHARE:
                self.printed += len(text)
                return self.send("write", text)
            self.tail += text
            if len(self.tail) > 2 * self.limit:
                self.skipped += len(self.tail) - self.limit
                self.tail = self.tail[-self.limit :]

    def call(self, name, arguments):
        if os.getpid() != self.process:
            raise RuntimeError(f"`{name}` can be called only by the process that runs the block")
        # One call at a time, whichever threads make them.
        with self.calling:
            if not self.turn:
                raise RuntimeError(f"`{name}` can be called only while a block runs")
            self.calls += 1
            self.send("call", {"id": self.calls, "name": name, "arguments": arguments})
            while True:
                # A reply to a call that was given up, such as by a signal, is not this one's.
                number, reply = self.replies.get()
                if number == self.calls:
                    return reply


def serve(source, sink):
    Worker(source, sink).serve()
    # Threads and exit handlers of the code have no say in when it ends.
    os._exit(0)
