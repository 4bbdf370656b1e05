# aware datetimes with fixed offsets; timestamps in UTC
from datetime import datetime, timedelta, timezone

utc = timezone.utc
ist = timezone(timedelta(hours=5, minutes=30), "IST")
west = timezone(timedelta(hours=-8))
t = datetime(2024, 7, 1, 12, 0, tzinfo=utc)
print(t, t.astimezone(ist), t.astimezone(west), t.astimezone(ist).tzname(), west, ist.utcoffset(None))
print(t == t.astimezone(ist), t.timestamp(), datetime.fromtimestamp(0, utc), datetime.fromtimestamp(1_700_000_000.5, tz=utc))
print(t.strftime("%z %Z"), t.astimezone(ist).isoformat(), datetime.fromisoformat("2024-07-01T12:00:00+02:00").utcoffset())
print(datetime.fromisoformat("2024-07-01T12:00:00Z") == t, datetime.strptime("2024-07-01 +0530", "%Y-%m-%d %z"))
print((datetime(2024, 7, 1, 20, tzinfo=ist) - t), t.replace(tzinfo=None), t.tzinfo is utc, repr(utc), repr(west))
try:
    t < datetime(2024, 1, 1)
except TypeError:
    print("cannot compare naive and aware", t == datetime(2024, 7, 1, 12))
print(datetime(1969, 12, 31, 23, 59, 59, tzinfo=utc).timestamp(), datetime(2100, 1, 1, tzinfo=utc).timestamp())
print(sorted([t, t.replace(hour=11, tzinfo=west), t.replace(hour=13, tzinfo=ist)])[0].tzname())
