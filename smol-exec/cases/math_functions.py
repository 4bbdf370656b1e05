# the math module; irrational results are rounded
import math

print(math.factorial(25), math.gcd(84, 36, 60), math.lcm(4, 6, 10), math.comb(52, 5), math.perm(6, 2), math.isqrt(10 ** 20 + 1))
print(math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.5), round(-2.5), round(3.5), round(2.675, 2), round(12345, -2))
print([round(f(0.5), 12) for f in (math.sin, math.cos, math.tan, math.asin, math.atan, math.exp, math.log, math.sinh, math.erf, math.gamma)])
print(math.sqrt(144), math.hypot(3, 4), math.dist((0, 0, 0), (2, 3, 6)), math.prod([2, 3, 7]), math.fsum([0.1] * 10), math.fabs(-3))
print(math.log2(1024), round(math.log10(1000), 12), round(math.log(81, 3), 12), round(math.log1p(1e-10), 20), math.exp(0), math.pow(2, 0.5) ** 2 > 2)
print(math.modf(3.25), math.frexp(8.0), math.ldexp(0.75, 3), math.fmod(-7, 3), -7 % 3, math.remainder(7, 4), math.copysign(3, -0.0))
print(math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1e308), math.inf > 10 ** 400)
print(round(math.degrees(math.pi), 9), round(math.radians(90), 9), round(math.atan2(-1, -1), 9), math.ulp(1.0), math.nextafter(1.0, 2.0), math.tau == 2 * math.pi)
for call in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.exp(1000), lambda: math.factorial(-1), lambda: math.floor(math.inf)):
    try:
        call()
    except (ValueError, OverflowError) as err:
        print(type(err).__name__, end=" ")
print()
