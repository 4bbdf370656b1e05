"""A stand-in for E2B: the control API, and the daemon `envd` of every machine at the same address, as with E2B_SANDBOX_URL.
Processes are real ones of this machine, each machine's in a folder of its own. E2B's own library accepts what it says
(`cargo xtask it e2b`). Prints its port, and ends when its input does.

Templates: `busy` is refused twice before it is made, `full` always; `missing` is not there, and `broken` has no shell."""

import base64
import http.server
import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

KEY = "e2b_0123456789abcdef"
MACHINES, SEEN, NUMBERS, LOCK = {}, {}, itertools.count(1), threading.Lock()


class Machine:
    def __init__(self, lifetime, order):
        self.id, self.token = f"m{next(NUMBERS)}x", f"token-{os.urandom(8).hex()}"
        self.folder, self.processes, self.order, self.kept = tempfile.mkdtemp(prefix="e2b-"), {}, order, 0
        self.live_for(lifetime)
        MACHINES[self.id] = self

    def live_for(self, seconds):
        self.until = time.monotonic() + seconds

    def end(self):
        MACHINES.pop(self.id, None)
        for process in list(self.processes.values()):
            process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Process:
    def __init__(self, machine, request):
        config = request["process"]
        self.machine, self.config, self.killed = machine, config, False
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": machine.folder, **config.get("envs", {})}
        self.child = subprocess.Popen(
            ["/nowhere/bash" if machine.order["templateID"] == "broken" else config["cmd"], *config.get("args", [])],
            stdin=subprocess.PIPE if request.get("stdin", True) else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=config.get("cwd") or machine.folder,
            env=environment,
            start_new_session=True,
        )
        machine.processes[self.child.pid] = self
        # Only a few wait: a reader that does not read holds the process up.
        self.events = queue.Queue(16)
        self.readers = [
            threading.Thread(target=self.read, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", self.child.stdout), ("stderr", self.child.stderr))
        ]
        for reader in self.readers:
            reader.start()
        threading.Thread(target=self.watch, daemon=True).start()

    def read(self, name, pipe):
        while data := os.read(pipe.fileno(), 32768):
            self.events.put({"data": {name: base64.b64encode(data).decode()}})

    def watch(self):
        for reader in self.readers:
            reader.join()
        code = self.child.wait()
        self.machine.processes.pop(self.child.pid, None)
        if self.killed:
            return self.events.put(None)
        # As Go tells it.
        status = f"exit status {code}" if code >= 0 else f"signal: {signal.strsignal(-code).lower()}"
        self.events.put({"end": {"exited": code >= 0, "status": status} | ({"exitCode": max(code, -1)} if code else {})})

    def kill(self):
        self.killed = True
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Refused(Exception):
    def __init__(self, status, code, message, headers={}):
        self.status, self.body, self.headers = status, {"code": code, "message": message}, headers


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, status, value=None, headers={}):
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content-type": "application/json", "content-length": str(len(data)), **headers}.items():
            if status != 204:
                self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def serve(self):
        body = self.body()
        try:
            if self.path.startswith("/fake/"):
                self.for_tests(self.path.split("/")[2:])
            elif self.path == "/health" or self.path.startswith("/process.Process/"):
                self.daemon(body)
            else:
                self.control(json.loads(body or b"{}"))
        except Refused as refused:
            self.answer(refused.status, refused.body, refused.headers)

    do_GET = do_POST = do_DELETE = serve

    def for_tests(self, path):
        if path[0] == "end":
            MACHINES[path[1]].end()
        self.answer(200, {id: {"order": it.order, "kept": it.kept, "processes": list(it.processes)} for id, it in MACHINES.items()})

    def control(self, order):
        if self.headers.get("x-api-key") != KEY:
            raise Refused(401, 401, f"Invalid API key: {self.headers.get('x-api-key')}")
        path = self.path.strip("/").split("/")
        if path == ["v2", "sandboxes"]:
            return self.create(order)
        machine = MACHINES.get(path[1])
        if not machine:
            raise Refused(404, 404, f"sandbox {path[1]} not found")
        if self.command == "DELETE":
            machine.end()
        elif path[2:] == ["timeout"]:
            machine.live_for(order["timeout"])
            machine.kept += 1
        self.answer(204)

    def create(self, order):
        template = order["templateID"]
        if template == "missing":
            raise Refused(404, 404, "template 'missing' not found")
        if template == "full":
            raise Refused(429, 429, "you have reached the maximum number of concurrent E2B sandboxes", {"should-retry": "false"})
        if template == "busy":
            with LOCK:
                seen = SEEN[self.headers["idempotency-key"]] = SEEN.get(self.headers["idempotency-key"], 0) + 1
            if seen <= 2:
                raise Refused(503, 503, "try again", {"retry-after": "0"})
        machine = Machine(order.get("timeout", 300), order)
        self.answer(
            201,
            {
                "templateID": template,
                "sandboxID": machine.id,
                "clientID": "fake",
                "envdVersion": "0.5.9",
                "envdAccessToken": machine.token,
                "domain": None,
            },
        )

    def daemon(self, body):
        id = self.headers.get("e2b-sandbox-id")
        machine = MACHINES.get(id)
        if not machine:
            raise Refused(502, 502, "The sandbox was not found", {"x-sandbox-id": str(id)})
        if self.headers.get("x-access-token") != machine.token or self.headers.get("e2b-sandbox-port") != "49983":
            raise Refused(401, "unauthenticated", "no valid token")
        if self.path == "/health":
            return self.answer(204)
        method = self.path.rsplit("/", 1)[1]
        if method == "Start":
            return self.start(machine, json.loads(body[5:]))
        request = json.loads(body)
        if method == "List":
            listed = [{"config": it.config, "pid": pid} for pid, it in machine.processes.items()]
            return self.answer(200, {"processes": listed})
        process = machine.processes.get(request["process"]["pid"])
        if not process:
            raise Refused(404, "not_found", f"process with pid {request['process']['pid']} not found")
        try:
            if method == "SendInput":
                process.child.stdin.write(base64.b64decode(request["input"]["stdin"]))
                process.child.stdin.flush()
            elif method == "CloseStdin":
                process.child.stdin.close()
            elif method == "SendSignal":
                os.killpg(process.child.pid, getattr(signal, request["signal"].removeprefix("SIGNAL_")))
        except (OSError, ValueError) as error:
            raise Refused(500, "internal", f"error writing to stdin: {error}")
        self.answer(200, {})

    def start(self, machine, request):
        self.send_response(200)
        self.send_header("content-type", "application/connect+json")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        try:
            process = Process(machine, request)
        except OSError as error:
            self.envelope({"error": {"code": "invalid_argument", "message": f"error starting process: {error}"}}, 2)
            return self.wfile.write(b"0\r\n\r\n")
        try:
            event = {"start": {"pid": process.child.pid}}
            while event:
                self.envelope({"event": event})
                if "end" in event:
                    break
                try:
                    event = process.events.get(timeout=20)
                except queue.Empty:
                    event = {"keepalive": {}}
            gone = {"error": {"code": "unavailable", "message": "the connection ended before the stream completed"}}
            self.envelope({} if event else gone, 2)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            # Whoever listened has gone; the process lives on.
            self.close_connection = True
            while process.events.get() and process.child.poll() is None:
                pass

    def envelope(self, message, flags=0):
        data = json.dumps(message).encode()
        data = bytes([flags]) + len(data).to_bytes(4, "big") + data
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 64

    def handle_error(self, *_):
        pass


def expire():
    while True:
        time.sleep(0.2)
        for machine in list(MACHINES.values()):
            if time.monotonic() > machine.until:
                machine.end()


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Thread(target=expire, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
for machine in list(MACHINES.values()):
    machine.end()
os._exit(0)
