# calendar tables, leap years, struct_time formatting
import calendar
import time

print(calendar.month(2024, 2))
print([y for y in range(1896, 1910) if calendar.isleap(y)], calendar.leapdays(2000, 2025), calendar.monthrange(2023, 2)[1])
print(calendar.monthcalendar(2024, 9)[0], calendar.day_name[0], calendar.month_abbr[12], list(calendar.day_abbr))
print(int(calendar.weekday(2024, 2, 29)), calendar.timegm((1970, 1, 2, 0, 0, 0)), len(list(calendar.Calendar().itermonthdates(2024, 2))))
st = time.struct_time((2024, 2, 29, 13, 5, 9, 3, 60, 0))
print(time.strftime("%Y/%m/%d %H-%M-%S %a %j", st), st.tm_year, st[3], time.asctime(st))
print(tuple(time.gmtime(86400 * 365)), time.strftime("%B", time.gmtime(0)))
print(tuple(time.strptime("30 Nov 2000", "%d %b %Y"))[:3])
fridays = [d for d in calendar.Calendar().itermonthdays2(2024, 11) if d[0] and d[1] == 4]
print(fridays, sum(1 for m in range(1, 13) if calendar.weekday(2026, m, 13) == 4))
