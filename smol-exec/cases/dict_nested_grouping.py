# grouping and inverting records with plain dicts
records = [
    {"name": "Ana", "team": "red", "scores": [3, 5]},
    {"name": "Ben", "team": "blue", "scores": [4]},
    {"name": "Cat", "team": "red", "scores": []},
    {"name": "Dan", "team": "green", "scores": [1, 1, 1]},
]
teams = {}
for r in records:
    teams.setdefault(r["team"], []).append(r["name"])
print(teams)
totals = {t: sum(sum(r["scores"]) for r in records if r["team"] == t) for t in teams}
print(totals, max(totals, key=totals.get), sorted(totals, key=lambda t: (-totals[t], t)))
index = {r["name"]: r for r in records}
index["Ben"]["scores"].append(10)
print(records[1]["scores"], index["Dan"].get("age", "unknown"))
tree = {}
for path in ["a/b/c", "a/b/d", "a/e", "f"]:
    node = tree
    for part in path.split("/"):
        node = node.setdefault(part, {})
print(tree)


def walk(node, depth=0):
    for key in sorted(node):
        print("  " * depth + key)
        walk(node[key], depth + 1)


walk(tree)
