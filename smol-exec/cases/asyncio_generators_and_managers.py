# async generators, async comprehensions, async context managers and iterators
import asyncio
from contextlib import asynccontextmanager


async def ticks(n):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    finally:
        print("ticks closed at", n)


class Pages:
    def __init__(self, last):
        self.page, self.last = 0, last

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.page >= self.last:
            raise StopAsyncIteration
        self.page += 1
        return f"page {self.page}"


@asynccontextmanager
async def session(name):
    print("open", name)
    await asyncio.sleep(0)
    try:
        yield name.title()
    finally:
        print("close", name)


class Lock:
    async def __aenter__(self):
        print("locked")
        return self

    async def __aexit__(self, kind, err, tb):
        print("unlocked", kind and kind.__name__)
        return True


async def main():
    print([i * i async for i in ticks(4) if i % 2])
    async for page in Pages(2):
        print(page)
    async with session("db") as name, Lock():
        print(name)
        raise RuntimeError
    print({i: await asyncio.sleep(0, i + 1) async for i in ticks(2)})
    print([x for x in [await asyncio.sleep(0, "a"), "b"]])


asyncio.run(main())
