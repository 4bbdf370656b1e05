# dig values out of a nested API answer
import json

ANSWER = """
{"status": "ok", "page": 1, "results": [
  {"id": 7, "user": {"name": "Ana", "email": null}, "tags": ["a", "b"], "score": 9.5},
  {"id": 3, "user": {"name": "Bo", "email": "bo@x.org"}, "tags": [], "score": 4},
  {"id": 12, "user": null, "tags": ["b"], "score": 7.25, "extra": {"deep": [{"k": 1}, {"k": 2}]}}
], "next": null}
"""


def dig(obj, path, default=None):
    for part in path.split("."):
        try:
            obj = obj[int(part)] if isinstance(obj, list) else obj[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return default
    return obj


def paths(obj, prefix=""):
    if isinstance(obj, dict):
        for key, value in obj.items():
            yield from paths(value, f"{prefix}.{key}" if prefix else key)
    elif isinstance(obj, list):
        for i, value in enumerate(obj):
            yield from paths(value, f"{prefix}[{i}]")
    else:
        yield prefix, obj


data = json.loads(ANSWER)
for path in ("results.0.user.name", "results.2.user.name", "results.2.extra.deep.1.k", "results.9.id", "status.x"):
    print(path, "=>", dig(data, path, "missing"))
print([r["user"]["name"] if r["user"] else "anonymous" for r in data["results"]])
print(max(data["results"], key=lambda r: r["score"])["id"], sum(len(r["tags"]) for r in data["results"]))
print([p for p, v in paths(data) if v is None], sum(1 for _ in paths(data)))
flat = dict(paths(data["results"][2]))
print(flat)
print(json.dumps(sorted(data["results"], key=lambda r: r["id"])[0], separators=(",", ":")))
