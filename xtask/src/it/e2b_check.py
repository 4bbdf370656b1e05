"""E2B's own library against the stand-in for E2B: argument 1 is the stand-in's program."""

import os
import subprocess
import sys

from checks import check, refused

fake = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
url = f"http://127.0.0.1:{fake.stdout.readline().strip()}"
os.environ.update(E2B_API_URL=url, E2B_SANDBOX_URL=url, E2B_API_KEY="e2b_0123456789abcdef")

from e2b import AuthenticationException, CommandExitException, NotFoundException, Sandbox, SandboxException, TimeoutException

machine = Sandbox.create(timeout=30, allow_internet_access=False)
check("a machine runs", machine.is_running(), True)
done = machine.commands.run("echo out; echo err >&2; exit 0", envs={"A": "b"})
check("streams", (done.stdout, done.stderr, done.exit_code), ("out\n", "err\n", 0))
big = machine.commands.run("head -c 3000000 /dev/zero | tr '\\0' x")
check("much output", len(big.stdout), 3_000_000)
refused("an exit status", CommandExitException, "code 7", lambda: machine.commands.run("exit 7"))
command = machine.commands.run("python3 -c 'print(input() * 2)'", background=True, stdin=True)
command.send_stdin("abc\n")
check("input", command.wait().stdout, "abcabc\n")
command = machine.commands.run("wc -c", background=True, stdin=True)
command.send_stdin("x" * 1_000_000)
command.close_stdin()
check("much input, and its end", command.wait().stdout.strip(), "1000000")
command = machine.commands.run("sleep 100", background=True)
check("a list of processes", [process.pid for process in machine.commands.list()], [command.pid])
check("a process is killed", command.kill(), True)
refused("and says so", CommandExitException, "-1", command.wait)
check("once", command.kill(), False)
refused("no such process", NotFoundException, "not found", lambda: machine.commands.send_stdin(1, "x"))
machine.set_timeout(40)
command = machine.commands.run("sleep 100", background=True)
check("a machine is ended", (machine.kill(), machine.is_running(), machine.kill()), (True, False, False))
refused("and what ran in it with it", TimeoutException, "", command.wait)
refused("no template", SandboxException, "404", lambda: Sandbox.create(template="missing"))
refused("no key", AuthenticationException, "401", lambda: Sandbox.create(api_key="e2b_0000"))
check("busy", Sandbox.create(template="busy", idempotency_key="once").kill(), True)
fake.stdin.close()
check("the stand-in ends", fake.wait(), 0)
