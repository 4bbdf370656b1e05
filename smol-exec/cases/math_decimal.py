# decimal: exactness, quantize, rounding modes, context, special values
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, getcontext, localcontext

print(Decimal("0.1") + Decimal("0.2"), Decimal("1.10") * 3, Decimal(1) / Decimal(7), Decimal("1E+3"), Decimal("-0.00"))
for value in ("2.345", "2.355", "-2.345"):
    print(value, [str(Decimal(value).quantize(Decimal("0.01"), m)) for m in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)])
with localcontext() as ctx:
    ctx.prec = 5
    print(Decimal(2).sqrt(), Decimal(1) / 3, Decimal("123456.789") + 0)
print(getcontext().prec, Decimal("1.50").normalize(), Decimal("1.5") == Decimal("1.50"), Decimal("3.7") // 1, Decimal("-7") % 3)
print(Decimal(0.1) == 0.1, str(Decimal(0.1))[:22], Decimal("12.5").as_tuple(), Decimal("1234567.891").__format__(",.2f"))
print(Decimal("Infinity") > 10, Decimal("NaN").is_nan(), repr(Decimal("5.0")), hash(Decimal(2)) == hash(2), int(Decimal("9.99")), round(Decimal("2.5")), round(Decimal("2.345"), 2))
for call in (lambda: Decimal(1) / 0, lambda: Decimal("abc"), lambda: Decimal(-1).sqrt()):
    try:
        call()
    except (DivisionByZero, InvalidOperation) as err:
        print(type(err).__name__)
print(sum([Decimal("19.99")] * 3, Decimal(0)), max(Decimal("1.0"), Decimal("0.9")), Decimal("2") ** 10, Decimal("10").log10(), f"{Decimal('0.125'):.1%}")
