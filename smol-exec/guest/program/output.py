"""What code prints. It goes to the host while the code runs, so that it is known even if the code must be stopped, and so
that a flood of it takes no memory here: the host keeps the head and the tail."""

import codecs
import io

# The first lines go at once, later ones in pieces.
PROMPT_WRITES = 64
PIECE = 8192
LARGEST_PIECE = 1 << 20


class Pipe(io.RawIOBase):
    """Bytes to text to the host."""

    def __init__(self, send):
        self.send, self.decoder = send, codecs.getincrementaldecoder("utf-8")("replace")
        self.waiting, self.size, self.sent = [], 0, 0

    def writable(self):
        return True

    def write(self, data):
        text = self.decoder.decode(bytes(data))
        self.waiting.append(text)
        self.size += len(text)
        if self.size >= PIECE or self.sent < PROMPT_WRITES:
            self.deliver()
        return len(data)

    def deliver(self):
        text, self.waiting, self.size = "".join(self.waiting), [], 0
        self.sent += 1
        for start in range(0, len(text), LARGEST_PIECE):
            self.send(text[start : start + LARGEST_PIECE])


class Output:
    """The stream that stands for both stdout and stderr of a session."""

    def __init__(self, send):
        self.pipe = Pipe(send)
        self.stream = io.TextIOWrapper(io.BufferedWriter(self.pipe), "utf-8", "backslashreplace", line_buffering=True)

    def start(self):
        self.pipe.sent = 0

    def finish(self):
        self.stream.flush()
        self.pipe.deliver()
