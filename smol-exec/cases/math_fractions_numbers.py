# Fraction arithmetic and the numeric tower
import numbers
from decimal import Decimal
from fractions import Fraction

a, b = Fraction(3, 4), Fraction("0.125")
print(a + b, a - b, a * b, a / b, a ** 2, a ** -1, -a, a // b, a % Fraction(1, 2), divmod(Fraction(7, 2), 1))
print(Fraction(6, -8), Fraction(0.5), Fraction("22/7"), Fraction(Decimal("1.1")), repr(a), float(b), int(Fraction(-7, 2)), round(Fraction(5, 2)))
print(Fraction(3.14159265).limit_denominator(100), a.numerator, a.denominator, a > 0.7, a == 0.75, hash(Fraction(2)) == hash(2))
print(sum([Fraction(1, n) for n in range(1, 11)]), Fraction(1, 3) + 1, 1.5 + Fraction(1, 2), abs(Fraction(-1, 9)), Fraction(7, 3).as_integer_ratio())
try:
    Fraction(1, 0)
except ZeroDivisionError:
    print("zero denominator")
kinds = ("Integral", "Rational", "Real", "Complex", "Number")
for value in (True, 2, 2.0, 2j, a, Decimal(2)):
    print(type(value).__name__, [k for k in kinds if isinstance(value, getattr(numbers, k))])
print((0.75).as_integer_ratio(), (1.5).is_integer(), (4.0).is_integer(), (10).numerator)
