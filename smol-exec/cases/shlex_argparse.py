# shlex splitting and argparse on given lists
import argparse
import shlex

print(shlex.split("cp 'my file' \"dest dir\"/x -v # note"), shlex.split("a # b", comments=True), shlex.join(["echo", "it's", "a b"]), shlex.quote(""))
parser = argparse.ArgumentParser(prog="tool")
parser.add_argument("files", nargs="+")
parser.add_argument("-n", "--count", type=int, default=1)
parser.add_argument("-v", "--verbose", action="count", default=0)
parser.add_argument("--mode", choices=["fast", "slow"], default="slow")
parser.add_argument("--tag", action="append", dest="tags")
parser.add_argument("--no-colour", action="store_false", dest="colour")
print(parser.parse_args(["a.txt"]))
print(vars(parser.parse_args(shlex.split("-vv -n 3 --mode=fast --tag x --tag 'y z' f1 f2 --no-colour"))))
print(parser.parse_known_args(["f", "--unknown", "--count", "7"]))
top = argparse.ArgumentParser(exit_on_error=False)
subs = top.add_subparsers(dest="command")
add = subs.add_parser("add")
add.add_argument("x", type=float)
add.add_argument("y", type=float)
add.set_defaults(run=lambda a: a.x + a.y)
neg = subs.add_parser("neg")
neg.add_argument("x", type=int)
neg.set_defaults(run=lambda a: -a.x)
for line in ("add 1.5 2", "neg 4"):
    args = top.parse_args(line.split())
    print(args.command, args.run(args))
