"""Stands in for the component's world where CPython is a core module: the same two functions, carried by `_host.call`. The
first byte of a frame tells what it is."""

import _host


def call(request):
    return _host.call(b"?" + request.encode()).decode()


def write(text):
    _host.call(b">" + text.encode("utf-8", "replace"))
