# breadth first and depth first search, components, cycle test, bipartite test
from collections import deque

edges = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (6, 7), (8, 8)]
graph = {}
for a, b in edges:
    graph.setdefault(a, []).append(b)
    graph.setdefault(b, []).append(a)


def bfs(start):
    level, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in graph[node]:
            if other not in level:
                level[other] = level[node] + 1
                queue.append(other)
    return level


def dfs(node, seen=None):
    seen = [] if seen is None else seen
    seen.append(node)
    for other in graph[node]:
        if other not in seen:
            dfs(other, seen)
    return seen


def components():
    left, out = set(graph), []
    while left:
        part = set(bfs(min(left)))
        out.append(sorted(part))
        left -= part
    return out


def bipartite():
    colour = {}
    for part in components():
        for node, depth in bfs(part[0]).items():
            colour[node] = depth % 2
    return [(a, b) for a, b in edges if colour[a] == colour[b]]


print(bfs(1), dfs(1))
print(components(), bipartite())


def has_cycle(deps):
    state = {}

    def visit(n):
        if state.get(n) == "open":
            return True
        if state.get(n) == "done":
            return False
        state[n] = "open"
        found = any(visit(m) for m in deps.get(n, ()))
        state[n] = "done"
        return found

    return any(visit(n) for n in deps)


print(has_cycle({"a": ["b"], "b": ["c"]}), has_cycle({"a": ["b"], "b": ["c"], "c": ["a"]}))
