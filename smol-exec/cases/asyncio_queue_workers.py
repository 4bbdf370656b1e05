# asyncio.Queue with producers and consumers
import asyncio


async def producer(queue, items):
    for item in items:
        await queue.put(item)
    await queue.put(None)


async def consumer(queue, name, results):
    while True:
        item = await queue.get()
        if item is None:
            await queue.put(None)
            return
        results.append((item, item ** 2))
        await asyncio.sleep(0)


async def main():
    queue, results = asyncio.Queue(maxsize=2), []
    await asyncio.gather(
        producer(queue, range(1, 7)),
        consumer(queue, "x", results),
        consumer(queue, "y", results),
    )
    print(sorted(results))
    print(queue.qsize(), queue.empty())
    heap = asyncio.PriorityQueue()
    for job in [(3, "low"), (1, "high"), (2, "mid")]:
        heap.put_nowait(job)
    print([heap.get_nowait()[1] for _ in range(3)])
    try:
        heap.get_nowait()
    except asyncio.QueueEmpty:
        print("empty")


asyncio.run(main())
