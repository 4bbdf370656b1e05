# queue classes used without threads
import queue

q = queue.Queue(maxsize=2)
q.put("a")
q.put_nowait("b")
print(q.full(), q.qsize(), q.empty())
try:
    q.put_nowait("c")
except queue.Full:
    print("full")
print(q.get(), q.get_nowait(), q.empty())
try:
    q.get(block=False)
except queue.Empty:
    print("empty")
stack = queue.LifoQueue()
for n in range(3):
    stack.put(n)
print([stack.get() for _ in range(3)])
p = queue.PriorityQueue()
for item in [(5, "e"), (1, "a"), (3, "c"), (1, "A")]:
    p.put(item)
while not p.empty():
    print(p.get(), end=" ")
print()
s = queue.SimpleQueue()
s.put([1])
print(s.get(), s.empty())
q.put("job")
q.get()
for _ in range(3):
    q.task_done()
q.join()
print("joined")
