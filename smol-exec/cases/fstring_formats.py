# f-strings: nested specs, conversions, debugging form, expressions
import datetime

name, value, width = "pi", 3.14159265, 12
print(f"{name}={value:.3f} {value:{width}.2f}|{value:<{width}.4f}|{value:^{width}}|{value:*>+{width}.1f}")
print(f"{name!r} {name!s:>5} {name!a} {'é'!a} {value!r:.4}")
print(f"{value=:.2f} {name=} {1 + 2=} {name = !s}")
print(f"{{literal}} {{{name}}} {'nested ' + f'{width}'} {[i for i in range(3)]} { {'a': 1}['a'] }")
print(f"{1234567.891:,.2f} {1234567:_} {0.256:.1%} {255:#x} {255:08b} {255:o} {-7:+d} {7: d} {9731:c}")
print(f"{12345.678:e} {0.00001234:g} {1e20:g} {1e5:G} {123456789:.3g} {2:.2f} {True:d} {True}")
print(f"{datetime.date(2024, 3, 9):%d/%m/%Y} {datetime.time(7, 5):%H.%M}")
print(f"{'left':<8}|{'right':>8}|{'mid':^8}|{'cut off':.3}|{42:<6}|{'x':-^9}|{42:06}|{-42:=6}|{-42:06}")
print(f"{lambda_value() if (lambda_value := lambda: 'called') else ''}" f" joined {'a' 'b'}")
print(rf"\n{name}\t", f"""multi
{name.upper():>4}""", f"{10 ** 20:,}", f"{None} {...} {[1.50]}")
