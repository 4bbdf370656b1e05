"""What is baked into the component: CPython, its whole pure-Python standard library, and the guest program.

The component has no file system, so a module that is not in the snapshot cannot be imported later. Every stdlib module
is therefore compiled when the component is built, kept as marshalled code, and served by a finder. The guest program is
baked too, because running its modules in each session would cost 3 ms; a host whose program is newer feeds its own, so
that a change of the program does not ask for a new binary.
"""

import gc
import importlib.abc
import importlib.util
import json
import marshal
import os
import sys
import types

# Imported here, a module costs nothing at session start: what the guest program needs and what agents import most.
import array, ast, asyncio, base64, bisect, calendar, codecs, collections, concurrent.futures.thread, contextlib, copy
import csv, dataclasses, datetime, decimal, difflib, dis, enum, fractions, functools, glob, hashlib, heapq, html, inspect
import io, itertools, linecache, logging, math, operator, pathlib, pickle, pprint, queue, random, re, reprlib, secrets
import shutil, sqlite3, statistics, string, struct, tempfile, textwrap, threading, time, traceback, typing, unicodedata
import urllib.parse, uuid, warnings, xml.etree.ElementTree, zoneinfo

import wit_world
from baked_program import SOURCES

# Parts that need a screen, a process, a file system or the interpreter's own sources.
SKIPPED = {
    "__pycache__", "curses", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages", "test", "tkinter",
    "turtle", "turtledemo", "venv",
}
STDLIB = {}


def bake(folder, package=""):
    """Compiles every module under `folder` into STDLIB as name -> (is a package, marshalled code)."""
    for entry in sorted(os.listdir(folder)):
        path, base = f"{folder}/{entry}", entry.removesuffix(".py")
        if base in SKIPPED:
            continue
        if entry.endswith(".py"):
            bake_module(path, package if base == "__init__" else f"{package}.{base}".lstrip("."), base == "__init__")
        elif os.path.isfile(f"{path}/__init__.py"):
            bake(path, f"{package}.{entry}".lstrip("."))


def bake_module(path, name, is_package):
    if not name:
        return
    with open(path, "rb") as file:
        source = file.read()
    shown = "<stdlib>/" + name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    STDLIB[name] = is_package, marshal.dumps(compile(source, shown, "exec", dont_inherit=True))


class Baked(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the modules of STDLIB."""

    def find_spec(self, name, path=None, target=None):
        if name not in STDLIB:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=STDLIB[name][0])

    def create_module(self, spec):
        return None

    def get_code(self, name):
        return marshal.loads(STDLIB[name][1])

    def exec_module(self, module):
        exec(self.get_code(module.__name__), module.__dict__)


for root in [path for path in sys.path if path.startswith("/python") and os.path.isdir(path)]:
    bake(root)
# Before the path finder, which would look in folders that are gone at run time.
sys.meta_path.insert(2, Baked())
sys.path.clear()
sys.path_importer_cache.clear()



class WitWorld(wit_world.WitWorld):
    program = None

    def compile(self, sources):
        modules = [(name, compile(source, f"<{name}>", "exec", dont_inherit=True)) for name, source in json.loads(sources)]
        return marshal.dumps(modules)

    def load(self, code):
        for name, body in marshal.loads(code):
            WitWorld.program = sys.modules[name] = types.ModuleType(name)
            exec(body, WitWorld.program.__dict__)

    def feed(self, request):
        return WitWorld.program.feed(request)


# What a first session would do for all that follow, such as filling caches, is done here once. Nothing of it is kept: the
# next `open` makes a session of its own.
world = WitWorld()
world.load(world.compile(SOURCES))
streams = sys.stdout, sys.stderr
schema = {"properties": {"a": {"type": "string", "default": ""}}}
tool = {"name": "warm", "description": "", "input": schema, "output": {}}
opening = json.dumps({"open": {"tools": [tool], "imports": None, "seed": 1, "output_limit": 100}})
world.feed(opening)
for code in "import math\nx = [1, {'a': (2,)}]\nx", "def f(n):\n    return 1 / n\nf(0)", "1 +", "final_answer({1})":
    world.feed(json.dumps({"code": code}))
world.feed(opening)
sys.stdout, sys.stderr = streams
linecache.clearcache()

# The snapshot's objects never die: kept out of the collector's sight, their pages stay shared and untouched.
gc.collect()
gc.freeze()
