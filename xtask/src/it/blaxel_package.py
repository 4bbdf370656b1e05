"""Blaxel's own package at the server that stands for Blaxel in our tests: it takes what that answers, and sends what we send.

    blaxel_package.py SERVER GATEWAY

Both are programs of `smol-exec/tests/peers`.
"""

import json
import os
import subprocess
import sys
import urllib.request

VARIABLES = {"BL_API_KEY": "a key of this test", "BL_WORKSPACE": "tests"}
os.environ.update(VARIABLES)

from blaxel.core.client import client
from blaxel.core.common.settings import Settings
from blaxel.core.sandbox import SyncSandboxInstance


def start(program, *arguments):
    variables = {**os.environ, "KG_AUTH_TOKEN": "a token of this test"}
    command = [sys.executable, program, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables, text=True)
    return process, process.stdout.readline().strip()


def ask(url):
    headers = {"X-Blaxel-Authorization": "Bearer a key of this test", "X-Blaxel-Workspace": "tests"}
    return json.loads(urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read())


def main(server, gateway):
    peers = []
    try:
        kernels, port = start(gateway)
        peers.append(kernels)
        blaxel, port = start(server, port)
        peers.append(blaxel)
        Settings.base_url = property(lambda _: f"http://127.0.0.1:{port}")
        client.with_base_url(Settings.base_url.fget(None))
        check(f"http://127.0.0.1:{port}")
    finally:
        for peer in peers:
            peer.stdin.close()
            peer.wait()


def check(url):
    policy = {"action": "delete", "type": "ttl-idle", "value": "600s"}
    order = {
        "name": "from-the-package",
        "image": "blaxel/jupyter-notebook:latest",
        "memory": 4096,
        "region": "us-pdx-1",
        "ports": [{"target": 8888, "protocol": "HTTP"}],
        "lifecycle": {"expiration_policies": [policy]},
    }
    sandbox = SyncSandboxInstance.create(order)
    assert sandbox.metadata.name == "from-the-package", sandbox
    assert sandbox.metadata.url.startswith(url), sandbox.metadata
    while str(SyncSandboxInstance.get("from-the-package").status) != "DEPLOYED":
        pass
    [machine] = ask(f"{url}/sandboxes")
    runtime = machine["spec"]["runtime"]
    sent = (runtime["image"], runtime["memory"], runtime["ports"])
    assert sent == (order["image"], 4096, [{"target": 8888, "protocol": "HTTP"}]), machine
    assert machine["spec"]["region"] == "us-pdx-1", machine
    assert machine["spec"]["lifecycle"] == {"expirationPolicies": [policy]}, machine
    SyncSandboxInstance.delete("from-the-package")
    assert ask(f"{url}/sandboxes") == []
    print("Blaxel's package takes what our server answers, and sends what we send")


main(*sys.argv[1:])
