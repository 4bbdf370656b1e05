# aggregate sales from CSV text by region and month
import csv
import io
from collections import defaultdict
from statistics import mean

DATA = """date,region,product,units,price
2024-01-05,North,lamp,10,12.50
2024-01-19,South,lamp,4,12.50
2024-02-02,North,desk,1,180.00
2024-02-11,North,lamp,,12.50
2024-02-20,South,desk,3,175.00
2024-03-01,East,chair,6,45.00
2024-03-09,South,lamp,five,12.50
"""

totals = defaultdict(float)
months = defaultdict(lambda: defaultdict(int))
skipped = []
rows = list(csv.DictReader(io.StringIO(DATA)))
for number, row in enumerate(rows, start=2):
    try:
        units = int(row["units"])
    except ValueError:
        skipped.append((number, row["units"]))
        continue
    totals[row["region"]] += units * float(row["price"])
    months[row["date"][:7]][row["product"]] += units

for region, total in sorted(totals.items(), key=lambda kv: -kv[1]):
    print(f"{region:<8}{total:>10.2f}{total / sum(totals.values()):>8.1%}")
for month in sorted(months):
    print(month, dict(months[month]))
print("skipped", skipped)
prices = defaultdict(list)
for row in rows:
    prices[row["product"]].append(float(row["price"]))
print({p: (min(v), max(v), mean(v)) for p, v in sorted(prices.items())})
out = io.StringIO()
writer = csv.writer(out, lineterminator="\n")
writer.writerow(["region", "total"])
writer.writerows(sorted((r, f"{t:.2f}") for r, t in totals.items()))
print(out.getvalue(), end="")
