# shortest way through a text maze
from collections import deque

MAZE = """\
#########
#S  #   #
# # # # #
# #   # #
# ##### #
#   #  E#
#########"""

grid = [list(row) for row in MAZE.splitlines()]
spots = {ch: (r, c) for r, row in enumerate(grid) for c, ch in enumerate(row) if ch in "SE"}


def solve(start, goal):
    came = {start: None}
    todo = deque([start])
    while todo:
        r, c = here = todo.popleft()
        if here == goal:
            way = []
            while here:
                way.append(here)
                here = came[here]
            return way[::-1]
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            there = (r + dr, c + dc)
            if grid[there[0]][there[1]] != "#" and there not in came:
                came[there] = (r, c)
                todo.append(there)
    return None


way = solve(spots["S"], spots["E"])
print(len(way) - 1, way[0], way[-1])
for r, c in way[1:-1]:
    grid[r][c] = "."
print("\n".join("".join(row) for row in grid))
arrows = {(0, 1): "R", (1, 0): "D", (0, -1): "L", (-1, 0): "U"}
print("".join(arrows[b[0] - a[0], b[1] - a[1]] for a, b in zip(way, way[1:])))
grid[1][1], grid[1][2], grid[2][1] = "S", "#", "#"
print(solve(spots["S"], spots["E"]))
