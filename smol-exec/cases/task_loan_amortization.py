# loan payments, compound interest and rounding of money
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def money(x):
    return x.quantize(CENT, ROUND_HALF_UP)


def payment(principal, yearly, months):
    rate = Decimal(yearly) / 1200
    return money(principal * rate / (1 - (1 + rate) ** -months))


def schedule(principal, yearly, months):
    balance, rate = Decimal(principal), Decimal(yearly) / 1200
    due = payment(balance, yearly, months)
    for month in range(1, months + 1):
        interest = money(balance * rate)
        part = min(due - interest, balance) if month < months else balance
        balance -= part
        yield month, interest + part, interest, part, balance


rows = list(schedule("1200", "6", 6))
print(f"{'month':>5}{'pay':>9}{'interest':>10}{'principal':>11}{'balance':>10}")
for row in rows:
    print(f"{row[0]:>5}{row[1]:>9}{row[2]:>10}{row[3]:>11}{row[4]:>10}")
print(sum(r[1] for r in rows), sum(r[2] for r in rows), payment(Decimal(250000), "3.5", 360))
savings = Decimal(1000)
for year in range(1, 4):
    savings = money(savings * Decimal("1.045"))
    print(year, savings)
years, value = 0, 100.0
while value < 200:
    value *= 1.07
    years += 1
print(years, round(value, 2), round(100 * (1 + 0.05 / 12) ** 12, 4))
shares = [Decimal(10) / 3] * 3
cents = [money(s) for s in shares]
cents[0] += Decimal(10) - sum(cents)
print(cents, sum(cents))
