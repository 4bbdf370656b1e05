# asyncio: gather keeps order, tasks interleave, return_exceptions
import asyncio

log = []


async def worker(name, steps):
    for n in range(steps):
        log.append(f"{name}{n}")
        await asyncio.sleep(0)
    return name * steps


async def failing():
    await asyncio.sleep(0)
    raise ValueError("failed")


async def main():
    results = await asyncio.gather(worker("a", 3), worker("b", 1), worker("c", 2))
    print(results)
    print(log)
    mixed = await asyncio.gather(worker("z", 1), failing(), return_exceptions=True)
    print(mixed[0], repr(mixed[1]))
    try:
        await asyncio.gather(failing())
    except ValueError as err:
        print("raised", err)
    task = asyncio.create_task(worker("t", 2), name="my task")
    print(task.done(), task.get_name())
    print(await task, task.done(), task.result())
    return "finished"


print(asyncio.run(main()))
