# pickle round trips of plain data in memory
import pickle
from collections import Counter, OrderedDict, deque
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

shared = [1, 2]
data = {
    "ints": [0, -1, 2 ** 70],
    "floats": (0.1, float("inf")),
    "text": "naïve ☃",
    "bytes": b"\x00\xff",
    "set": frozenset({1, 2}),
    "same": [shared, shared],
    "when": (date(2024, 1, 2), timedelta(hours=5)),
    "exact": [Decimal("1.10"), Fraction(2, 6)],
    "c": Counter("aab"),
    "d": deque([1, 2], maxlen=3),
    "o": OrderedDict(b=1, a=2),
}
for protocol in (0, 2, 4):
    back = pickle.loads(pickle.dumps(data, protocol))
    print(protocol, back == data, back["same"][0] is back["same"][1], back["d"].maxlen)
loop = []
loop.append(loop)
twin = pickle.loads(pickle.dumps(loop))
print(twin[0] is twin, pickle.loads(pickle.dumps(len)) is len)
try:
    pickle.dumps(lambda: 0)
except (pickle.PicklingError, AttributeError):
    print("lambdas are refused")
