# a cart with discounts chosen by strategy functions
from collections import Counter

PRICES = {"apple": 40, "bread": 250, "milk": 120, "cheese": 899}


def three_for_two(name):
    return lambda cart: cart[name] // 3 * PRICES[name]


def percent_over(limit, percent):
    def rule(cart):
        total = sum(PRICES[n] * k for n, k in cart.items())
        return total * percent // 100 if total > limit else 0
    return rule


def bundle(*names, price):
    def rule(cart):
        sets = min(cart[n] for n in names)
        return sets * (sum(PRICES[n] for n in names) - price)
    return rule


RULES = {"3 for 2 apples": three_for_two("apple"), "breakfast": bundle("bread", "milk", price=300), "10% over 20.00": percent_over(2000, 10)}


def checkout(items):
    cart = Counter(items)
    if unknown := sorted(set(cart) - set(PRICES)):
        raise KeyError(", ".join(unknown))
    total = 0
    for name, count in sorted(cart.items()):
        cost = PRICES[name] * count
        total += cost
        print(f"  {count:>2} x {name:<8}{cost / 100:>8.2f}")
    for label, rule in RULES.items():
        if off := rule(cart):
            total -= off
            print(f"  {label:<13}{-off / 100:>8.2f}")
    return total


for basket in ("apple " * 7, "bread milk milk bread apple", "cheese " * 3, "", "apple soap brush"):
    print("basket:", len(basket.split()), "items")
    try:
        print(f"  total{checkout(basket.split()) / 100:>16.2f}")
    except KeyError as err:
        print("  we do not sell", err.args[0])
