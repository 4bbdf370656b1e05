"""A Jupyter kernel gateway on a free port, which it prints. It ends, and its kernels with it, when its standard input does."""

import os
import signal
import socket
import sys
import threading

from kernel_gateway.gatewayapp import KernelGatewayApp


def end_with_the_test():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
print(port, flush=True)
threading.Thread(target=end_with_the_test, daemon=True).start()
options = {"ip": "127.0.0.1", "port": port, "port_retries": 0, "log_level": 40}
sys.argv[1:] = [f"--KernelGatewayApp.{name}={value}" for name, value in options.items()]
KernelGatewayApp.launch_instance()
