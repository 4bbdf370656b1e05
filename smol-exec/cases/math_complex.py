# complex numbers and cmath
import cmath

z, w = 3 + 4j, complex(1, -2)
print(z + w, z * w, z / w, z ** 2, -z, z.conjugate(), abs(z), z.real, z.imag, z == 3 + 4j)
print(complex("1+2j"), complex(5), 1j * 1j, (2j).imag, repr(1j), str(-2.5j), complex(0, 1.5), 3 + 0j)
print(cmath.sqrt(-9), round(cmath.phase(1j), 6), tuple(round(v, 6) for v in cmath.polar(z)))


def tidy(c, n=6):
    return complex(round(c.real, n) + 0.0, round(c.imag, n) + 0.0)


print(tidy(cmath.exp(1j * cmath.pi)).real, tidy(cmath.rect(2, cmath.pi / 6)), tidy(cmath.log(z)))
print(cmath.isclose(cmath.sin(1j) ** 2 + cmath.cos(1j) ** 2, 1), f"{z:.2f} {w}", hash(3 + 0j) == hash(3))


def roots(a, b, c):
    d = cmath.sqrt(b * b - 4 * a * c)
    return tidy((-b + d) / (2 * a)), tidy((-b - d) / (2 * a))


print(roots(1, -3, 2), roots(1, 2, 5))
try:
    z < w
except TypeError:
    print("complex numbers have no order")
print(sorted([2j, 1 + 1j, -3], key=abs), sum([1j, 2, 3.5]))
