"""What stands in for threads where there are none: an event loop that waits for nothing but time, and a pool that does
each task when it is given. So code written for `asyncio.run` and `ThreadPoolExecutor` gives its results all the same."""

import asyncio
import concurrent.futures.thread
import time


class Loop(asyncio.BaseEventLoop):
    """Without sockets and threads, only a timer can wake a task."""

    def __init__(self):
        super().__init__()
        self._selector = self

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("deadlock: every task waits for another")
        if timeout > 0:
            time.sleep(timeout)
        return ()

    def run_in_executor(self, executor, function, *args):
        return asyncio.wrap_future(run(function, *args), loop=self)

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


def run(function, *args, **kwargs):
    """The done future of a call made now."""
    future = concurrent.futures.Future()
    try:
        future.set_result(function(*args, **kwargs))
    except Exception as error:
        future.set_exception(error)
    return future


def submit(self, function, /, *args, **kwargs):
    if self._shutdown:
        raise RuntimeError("cannot schedule new futures after shutdown")
    return run(function, *args, **kwargs)


def install():
    concurrent.futures.thread.ThreadPoolExecutor.submit = submit
    asyncio.unix_events._UnixDefaultEventLoopPolicy._loop_factory = Loop
