# == connect_to_the_host
import socket
socket.create_connection(("127.0.0.1", port), timeout=0.5).send(b"here")
# == connect_by_name
import socket
socket.create_connection(("localhost", port), timeout=0.5)
# == connect_by_all_addresses
import socket
for address in ("0.0.0.0", "127.1", "127.0.0.2", "2130706433", "0x7f000001"):
    try:
        socket.create_connection((address, port), timeout=0.2).send(b"here")
    except OSError:
        pass
# == connect_by_version_6
import socket
for address in ("::1", "::ffff:127.0.0.1", "::"):
    try:
        socket.create_connection((address, port), timeout=0.2).send(b"here")
    except OSError:
        pass
# == connect_by_url
import urllib.request
urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=0.5).read()
# == connect_by_http
import http.client
http.client.HTTPConnection("127.0.0.1", port, timeout=0.5).request("GET", "/")
# == connect_by_mail
import smtplib
smtplib.SMTP("127.0.0.1", port, timeout=0.5)
# == connect_by_ftp
import ftplib
ftplib.FTP().connect("127.0.0.1", port, timeout=0.5)
# == connect_by_asyncio
import asyncio
asyncio.run(asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 0.5))
# == connect_by_c_library
import ctypes, struct
c = ctypes.CDLL(None, use_errno=True)
file = c.socket(2, 1, 0)
c.connect(file, struct.pack("=H", 2) + struct.pack(">HI", port, 0x7F000001) + bytes(8), 16), ctypes.get_errno()
# == connect_by_system_call
import ctypes, struct
c = ctypes.CDLL(None, use_errno=True)
file = c.syscall(41, 2, 1, 0)
c.syscall(42, file, struct.pack("=H", 2) + struct.pack(">HI", port, 0x7F000001) + bytes(8), 16)
# == connect_by_the_other_numbers_of_calls
import ctypes, struct
c = ctypes.CDLL(None, use_errno=True)
file = c.syscall(0x40000000 | 41, 2, 1, 0)
c.syscall(0x40000000 | 42, file, struct.pack("=H", 2) + struct.pack(">HI", port, 0x7F000001) + bytes(8), 16)
# == connect_by_send
import socket
socket.socket().sendto(b"here", 0x20000000, ("127.0.0.1", port))
# == connect_to_its_socket
import socket
socket.socket(socket.AF_UNIX).connect(secret_socket)
# == connect_to_its_socket_by_a_link
import socket, os
os.symlink(secret_socket, "link")
socket.socket(socket.AF_UNIX).connect("link")
# == connect_to_docker
import socket
peer = socket.socket(socket.AF_UNIX)
peer.connect("/var/run/docker.sock")
peer.send(b"GET /info HTTP/1.0\r\n\r\n")
# == connect_to_names_without_files
import socket
for name in ("\0/tmp/.X11-unix/X0", "\0docker", "\0dbus"):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
    except OSError:
        pass
# == ask_for_a_clouds_keys
import urllib.request
urllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=0.5).read()
# == send_a_datagram
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"here", ("127.0.0.1", port))
# == send_a_raw_packet
import socket
socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
# == listen_to_all
import socket
listener = socket.create_server(("0.0.0.0", 0))
listener.settimeout(0.2)
listener.accept()
# == ask_a_name_server
import socket
socket.getaddrinfo("secret.example.invalid", 80)
# == talk_to_the_kernel
import socket
socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))
# == talk_to_a_hypervisor
import socket
socket.socket(40, socket.SOCK_STREAM).connect((2, port))
# == sockets_by_the_hundred
import socket
sockets = []
while True:
    sockets.append(socket.socket())
# == by_shell
import os
os.system(f"exec 3<>/dev/tcp/127.0.0.1/{port}; echo here >&3")
os.system(f"bash -c 'echo here > /dev/tcp/127.0.0.1/{port}'")
