# inventory with reorder report and printed table
stock = [
    {"sku": "A-100", "name": "Hex bolt", "qty": 1200, "min": 500, "price": 0.12},
    {"sku": "B-200", "name": "Washer", "qty": 80, "min": 400, "price": 0.03},
    {"sku": "C-300", "name": "Bracket (steel)", "qty": 15, "min": 15, "price": 4.5},
    {"sku": "D-400", "name": "Motor", "qty": 0, "min": 2, "price": 129.0},
]
movements = "A-100 -900; B-200 +50; C-300 -20; D-400 +3; X-999 +1"

by_sku = {item["sku"]: item for item in stock}
for move in movements.split("; "):
    sku, change = move.split()
    item = by_sku.get(sku)
    if item is None:
        print("unknown item", sku)
    elif item["qty"] + int(change) < 0:
        print(f"only {item['qty']} of {sku} left, cannot take {-int(change)}")
    else:
        item["qty"] += int(change)

head = f"{'SKU':<7}{'Name':<18}{'Qty':>6}{'Value':>12}  Status"
print(head)
print("=" * len(head))
for item in sorted(stock, key=lambda i: i["qty"] * i["price"], reverse=True):
    status = "OUT" if not item["qty"] else "reorder" if item["qty"] < item["min"] else "ok"
    print(f"{item['sku']:<7}{item['name']:<18}{item['qty']:>6,}{item['qty'] * item['price']:>12,.2f}  {status}")
print("=" * len(head))
print(f"{'Total':<31}{sum(i['qty'] * i['price'] for i in stock):>12,.2f}")
orders = {i["sku"]: i["min"] * 2 - i["qty"] for i in stock if i["qty"] < i["min"]}
print(orders, f"cost {sum(n * by_sku[s]['price'] for s, n in orders.items()):.2f}")
