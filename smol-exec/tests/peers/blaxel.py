"""What Blaxel answers, as far as making a sandbox, reaching its port 8888 and deleting it go: python3 blaxel.py GATEWAY_PORT [LOOKS].
The machines are not real, the Jupyter server in them is: all of them have the kernel gateway of that port. Prints its
own port, and ends when its standard input does.

That this is the vendor's wire is checked with their own package: `cargo xtask it blaxel`."""

import asyncio
import json
import os
import re
import sys
import threading
import urllib.parse

KEY, WORKSPACE, GATEWAY_TOKEN = "Bearer a key of this test", "tests", "token a token of this test"
# A machine takes its time to get ready, and then its server does.
LOOKS = int(sys.argv[2]) if len(sys.argv) > 2 else 3


class Blaxel:
    def __init__(self, gateway):
        self.gateway, self.machines, self.kernels = gateway, {}, {}

    async def serve(self):
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        print(self.port, flush=True)
        await server.serve_forever()

    async def answer(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            inside = re.fullmatch(r"/machine/([a-z0-9-]+)/port/8888(/.*)", target)
            if (headers.get("x-blaxel-authorization"), headers.get("x-blaxel-workspace")) != (KEY, WORKSPACE):
                status, said = 401, {"error": "UNAUTHORIZED", "code": 401, "message": "the key is not valid"}
            elif inside and self.is_served(inside[1]):
                self.kernels.setdefault(inside[1], set()).update(re.findall(r"/api/kernels/([^/?]+)", inside[2]))
                return await self.forward(f"{method} {inside[2]} HTTP/1.1", head[1:], body, reader, writer)
            elif inside:
                status, said = 502, {"error": "nothing listens there"}
            else:
                status, said = self.control(method, urllib.parse.urlsplit(target), body)
            await reply(writer, status, said)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def control(self, method, target, body):
        name = target.path.removeprefix("/sandboxes").strip("/")
        if method == "GET" and not name:
            return 200, [machine for machine, _ in self.machines.values()]
        if method == "POST" and not name:
            return self.create(json.loads(body))
        if name not in self.machines:
            return 404, {"error": "NOT_FOUND", "code": 404, "message": f"no sandbox {name}"}
        machine, looks = self.machines[name]
        if method == "DELETE":
            del self.machines[name]
            for kernel in self.kernels.pop(name, ()):
                asyncio.create_task(self.end(kernel))
            return 200, machine | {"status": "DELETING"}
        looks["control"] += 1
        if looks["control"] >= LOOKS:
            machine["status"] = "DEPLOYED"
        return 200, machine

    def create(self, order):
        name = order["metadata"]["name"]
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 49:
            return 400, {"error": "BAD_REQUEST", "code": 400, "message": "the name is not valid"}
        if name in self.machines:
            return 409, {"error": "CONFLICT", "code": 409, "message": "the name is taken"}
        order["metadata"]["url"] = f"http://127.0.0.1:{self.port}/machine/{name}"
        order["status"] = "FAILED" if order["spec"]["runtime"]["image"] == "broken" else "DEPLOYING"
        self.machines[name] = order, {"control": 0, "server": 0}
        return 200, order

    def is_served(self, name):
        if name not in self.machines:
            return False
        looks = self.machines[name][1]
        looks["server"] += 1
        return looks["server"] >= LOOKS

    async def end(self, kernel):
        """What ran in a machine ends with it."""
        there, to_there = await asyncio.open_connection("127.0.0.1", self.gateway)
        head = [f"DELETE /api/kernels/{kernel} HTTP/1.1", "Host: gateway", f"Authorization: {GATEWAY_TOKEN}", "Connection: close"]
        to_there.write("\r\n".join([*head, "", ""]).encode())
        await there.read()
        to_there.close()

    async def forward(self, first, head, body, reader, writer):
        """Hands the request on with the gateway's token instead of the keys, and then whatever either side says."""
        there, to_there = await asyncio.open_connection("127.0.0.1", self.gateway)
        keep = [line for line in head if line and not line.lower().startswith(("x-blaxel-", "authorization"))]
        if not any(line.lower().startswith("upgrade:") for line in keep):
            keep = [line for line in keep if not line.lower().startswith("connection:")] + ["Connection: close"]
        to_there.write("\r\n".join([first, *keep, f"Authorization: {GATEWAY_TOKEN}", "", ""]).encode() + body)
        await asyncio.gather(move(reader, to_there), move(there, writer))


async def move(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def reply(writer, status, said):
    body = json.dumps(said).encode()
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_test, daemon=True).start()
asyncio.run(Blaxel(int(sys.argv[1])).serve())
