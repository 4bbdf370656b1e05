"""A Jupyter kernel gateway on a free port, which it prints. It ends, and its kernels with it, when its standard input does."""

import os
import random
import signal
import socket
import sys
import threading

from kernel_gateway.gatewayapp import KernelGatewayApp


def end_with_the_test():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def free_port():
    """One that is given to nobody who asks for any port, as other tests do between this look and the server's own."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


port = free_port()
print(port, flush=True)
threading.Thread(target=end_with_the_test, daemon=True).start()
options = {"ip": "127.0.0.1", "port": port, "port_retries": 0, "log_level": 40}
sys.argv[1:] = [f"--KernelGatewayApp.{name}={value}" for name, value in options.items()]
KernelGatewayApp.launch_instance()
