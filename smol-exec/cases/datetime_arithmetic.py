# dates and timedeltas: differences, normalisation, comparison, replace
from datetime import date, datetime, time, timedelta

d = date(2024, 2, 28)
print(d + timedelta(days=2), d.replace(year=2023) + timedelta(2), date(2024, 12, 25) - d, (date(2025, 1, 1) - d).days)
print(d.weekday(), d.isoweekday(), tuple(d.isocalendar()), d.toordinal(), d.timetuple().tm_yday, date.fromordinal(738000))
t = timedelta(days=-1, hours=30, minutes=90, seconds=-5, milliseconds=1500)
print(t, repr(t), t.total_seconds(), -t, abs(timedelta(hours=-5)), t // timedelta(minutes=7), t % timedelta(hours=1))
print(timedelta(hours=1) / 3, timedelta(1) * 1.5, timedelta(days=1, seconds=1) / timedelta(seconds=1), divmod(timedelta(hours=7), timedelta(hours=2)))
a, b = datetime(2024, 1, 31, 23, 59, 59, 999999), datetime(2024, 2, 1)
print(b - a, a < b, max(a, b), a + timedelta(microseconds=1) == b, a.date(), a.time(), datetime.combine(d, time(8, 30)))
print(repr(a), repr(d), str(time(7, 0, 0, 5)), time(1, 2) < time(1, 3), a.replace(hour=0, microsecond=0), datetime.min, date.max)
for args in [(2023, 2, 29), (2024, 13, 1), (0, 1, 1)]:
    try:
        date(*args)
    except ValueError:
        print("no such date", args)
month_ends = [date(2024, m + 1, 1) - timedelta(days=1) for m in range(1, 12)]
print([m.day for m in month_ends])
