# business days, ages, schedules and Easter
from datetime import date, timedelta


def add_workdays(day, n, holidays=()):
    while n:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            n -= 1
    return day


def age(born, today):
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def add_months(day, n):
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def easter(y):
    a, b, c = y % 19, y // 100, y % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(y, f // 31, f % 31 + 1)


print(add_workdays(date(2024, 3, 27), 5, {date(2024, 3, 29), date(2024, 4, 1)}))
print([age(date(2000, 2, 29), d) for d in (date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29))])
print([str(add_months(date(2024, 1, 31), n)) for n in (1, 2, 11, 12, 13, -1)])
print([easter(y).isoformat() for y in (2000, 2024, 2025, 2038)])
start = date(2024, 1, 1)
thirteenths = [d for d in (start + timedelta(n) for n in range(731)) if d.day == 13 and d.weekday() == 4]
print([d.strftime("%a %d %b %Y") for d in thirteenths])
pay = [max(d for d in (add_months(start, m + 1) - timedelta(k) for k in range(1, 5)) if d.weekday() < 5) for m in range(4)]
print(*pay, (date(2024, 12, 25) - date(2024, 7, 4)).days // 7)
