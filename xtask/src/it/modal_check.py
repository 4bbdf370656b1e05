"""Modal's own library against the stand-in for Modal: argument 1 is the stand-in's program."""

import os
import subprocess
import sys

from checks import check, refused

fake = subprocess.Popen(sys.argv[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
url, id, secret = fake.stdout.readline().split()
os.environ.update(MODAL_SERVER_URL=url, MODAL_TOKEN_ID=id, MODAL_TOKEN_SECRET=secret)

import modal

app = modal.App.lookup("check", create_if_missing=True)


def make(image):
    return modal.Sandbox.create("sleep", "60", app=app, image=modal.Image.from_registry(image), block_network=True, timeout=60)


for image in ("python:3.13-slim", "slow", "late", "stale", "flaky"):
    box = make(image)
    done = box.exec("python3", "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    check(f"{image}: streams", (done.stdout.read(), done.stderr.read(), done.wait()), ("out\n", "err\n", 3))
    done = box.exec("python3", "-c", "print(input() * 2)")
    done.stdin.write("abc\n")
    done.stdin.drain()
    check(f"{image}: input", (done.stdout.read(), done.wait()), ("abcabc\n", 0))
    done = box.exec("wc", "-c")
    for _ in range(4):
        done.stdin.write("x" * 1_000_000)
        done.stdin.drain()
    done.stdin.write_eof()
    done.stdin.drain()
    check(f"{image}: much input, and its end", done.stdout.read().strip(), "4000000")
    done = box.exec("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x")
    check(f"{image}: much output", len(done.stdout.read()), 3_000_000)
    done = box.exec("sh", "-c", "kill -9 $$")
    check(f"{image}: a signal", done.wait(), 137)
    check(f"{image}: it lives", box.poll(), None)
    box.terminate()
    check(f"{image}: it is ended", box.poll() is not None, True)
refused("no image", modal.exception.Error, "no such image", lambda: make("missing"))
refused("no sandbox", modal.exception.Error, "too many", lambda: make("full"))
wrong = modal.Client.from_credentials("ak-0", "as-0")
refused("no token", modal.exception.AuthError, "malformed", lambda: modal.App.lookup("x", client=wrong, create_if_missing=True))
fake.stdin.close()
check("the stand-in ends", fake.wait(), 0)
