# strftime, strptime, isoformat, fromisoformat and error handling
from datetime import date, datetime, time, timedelta

moment = datetime(2024, 3, 5, 14, 7, 9, 45000)
print(moment.strftime("%Y-%m-%d %H:%M:%S.%f | %d %b %y | %A %B %j %p %I | %U %W %w %%"))
print(moment.isoformat(), moment.isoformat(" ", "seconds"), moment.isoformat(timespec="milliseconds"), moment.ctime(), str(moment))
print(datetime.strptime("05/03/2024 02:07 PM", "%d/%m/%Y %I:%M %p"), datetime.strptime("Mar 5, 2024", "%b %d, %Y").date())
print(datetime.fromisoformat("2024-03-05T14:07:09"), date.fromisoformat("2024-12-31"), time.fromisoformat("04:05:06"), date.fromisocalendar(2024, 10, 2))
print(datetime.strptime("2024-060", "%Y-%j"), datetime.strptime("99", "%y").year, datetime.strptime("01", "%y").year)
for text, fmt in [("2024-13-01", "%Y-%m-%d"), ("2024-01-01 x", "%Y-%m-%d"), ("1/2", "%Y/%m")]:
    try:
        datetime.strptime(text, fmt)
    except ValueError:
        print("cannot parse", text)


def guess(text):
    for fmt in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%m/%d/%y"):
        try:
            return datetime.strptime(text, fmt).date().isoformat()
        except ValueError:
            pass
    return "?"


print([guess(t) for t in ("2024-01-02", "2.1.2024", "2 January 2024", "01/02/24", "soon")])
print(f"{moment:%H h %M}", format(timedelta(minutes=5)), "{:%d}".format(moment), f"{moment}")
