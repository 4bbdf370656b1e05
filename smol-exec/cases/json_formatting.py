# indent, separators, sort_keys and StringIO
import io
import json

data = {"b": [1, {"y": 2, "x": []}], "a": {}, "c": "ü"}
print(json.dumps(data, indent=2))
print(json.dumps(data, separators=(",", ":"), sort_keys=True, ensure_ascii=False))
print(json.dumps([1, [2]], indent="--"))
buffer = io.StringIO()
json.dump({"k": [True, None]}, buffer, sort_keys=True)
buffer.write("\n")
json.dump("second", buffer)
buffer.seek(0)
print([json.loads(line) for line in buffer])
