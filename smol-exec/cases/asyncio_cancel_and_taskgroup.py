# cancellation, TaskGroup, events and semaphores
import asyncio


async def forever(log):
    try:
        while True:
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("finally")


async def job(n, log):
    await asyncio.sleep(0)
    if n == 2:
        raise ValueError(f"job {n}")
    log.append(n)
    return n


async def limited(sem, active, peak):
    async with sem:
        active.append(1)
        peak.append(len(active))
        await asyncio.sleep(0)
        active.pop()


async def main():
    log = []
    task = asyncio.create_task(forever(log))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print(log, task.cancelled())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job(n, log)) for n in (5, 6)]
    print([t.result() for t in tasks])
    try:
        async with asyncio.TaskGroup() as group:
            for n in (1, 2):
                group.create_task(job(n, log))
    except* ValueError as errors:
        print([str(e) for e in errors.exceptions])
    peak = []
    sem = asyncio.Semaphore(2)
    active = []
    await asyncio.gather(*(limited(sem, active, peak) for _ in range(5)))
    print("peak", max(peak), "runs", len(peak))
    event = asyncio.Event()
    waiter = asyncio.create_task(event.wait())
    await asyncio.sleep(0)
    print(waiter.done(), event.is_set())
    event.set()
    print(await waiter)


asyncio.run(main())
