# parse a server log: errors by hour, slow requests, status table
import re
from collections import Counter, defaultdict
from datetime import datetime

LOG = """\
10.0.0.1 [01/Mar/2024:10:00:01] "GET /index HTTP/1.1" 200 512 0.12
10.0.0.2 [01/Mar/2024:10:04:22] "POST /login HTTP/1.1" 401 64 0.30
10.0.0.1 [01/Mar/2024:10:59:59] "GET /big HTTP/1.1" 200 999999 4.75
garbage line
10.0.0.3 [01/Mar/2024:11:15:00] "GET /none HTTP/1.1" 404 0 0.01
10.0.0.2 [01/Mar/2024:11:16:40] "POST /login HTTP/1.1" 500 12 1.02
10.0.0.2 [01/Mar/2024:11:16:41] "POST /login HTTP/1.1" 200 99 0.25
"""
LINE = re.compile(r'(?P<ip>\S+) \[(?P<when>[^]]+)\] "(?P<verb>[A-Z]+) (?P<path>\S+)[^"]*" (?P<status>\d{3}) (?P<size>\d+) (?P<secs>[\d.]+)$')

status, per_hour, clients, bad = Counter(), defaultdict(list), defaultdict(set), 0
slowest = None
for line in LOG.splitlines():
    m = LINE.match(line)
    if not m:
        bad += 1
        continue
    when = datetime.strptime(m["when"], "%d/%b/%Y:%H:%M:%S")
    status[m["status"][0] + "xx"] += 1
    per_hour[when.hour].append(float(m["secs"]))
    clients[m["ip"]].add(m["path"])
    slowest = max(slowest or (0,), (float(m["secs"]), m["path"], when))
print(dict(sorted(status.items())), "bad lines:", bad)
for hour, times in sorted(per_hour.items()):
    print(f"{hour:02}h n={len(times)} avg={sum(times) / len(times):.3f} max={max(times)}")
print({ip: sorted(paths) for ip, paths in sorted(clients.items())})
print(slowest[1], slowest[2].isoformat(), f"{slowest[0]:.1f}s")
