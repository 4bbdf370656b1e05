# shortest paths on a weighted road map
import heapq

ROADS = """
Bergen Oslo 463
Oslo Gothenburg 294
Gothenburg Malmo 272
Oslo Stockholm 523
Stockholm Malmo 614
Malmo Copenhagen 45
Stockholm Turku 300
"""


def load(text):
    graph = {}
    for line in text.split("\n"):
        if line:
            a, b, d = line.split()
            graph.setdefault(a, {})[b] = int(d)
            graph.setdefault(b, {})[a] = int(d)
    graph["Island"] = {}
    return graph


def dijkstra(graph, start):
    dist, came, heap = {start: 0}, {}, [(0, start)]
    while heap:
        d, node = heapq.heappop(heap)
        if d > dist[node]:
            continue
        for other, w in graph[node].items():
            if d + w < dist.get(other, float("inf")):
                dist[other], came[other] = d + w, node
                heapq.heappush(heap, (d + w, other))
    return dist, came


def path(came, start, end):
    route = [end]
    while route[-1] != start:
        if route[-1] not in came:
            return None
        route.append(came[route[-1]])
    return route[::-1]


graph = load(ROADS)
dist, came = dijkstra(graph, "Bergen")
for city in sorted(graph):
    route = path(came, "Bergen", city)
    print(f"{city:<11}{dist.get(city, '-'):>6}  {' > '.join(route) if route else 'unreachable'}")
print(max(dist.items(), key=lambda kv: kv[1]), dijkstra(graph, "Island")[0])
