# str.format, format_map, percent formatting, Template
from string import Template

print("{} {} {}".format(1, "a", None), "{1}{0}{1}".format("a", "b"), "{x}-{y:>4}".format(x=1, y=2))
print("{0[1]} {d[key]} {c.imag}".format([1, 2], d={"key": "v"}, c=3 + 4j))
print("{:{}{}.{}f}|{:{w}}|".format(2.71828, ">", 9, 3, "ab", w=4), "{{}} {!r:>6}".format("q"))
print("%s %d %5.2f %-6s| %+d %05d %x %X %o %e %% %c%c" % ("s", 42.9, 3.14159, "ab", 5, 42, 255, 255, 8, 12345.678, "A", 66))
print("%(name)s is %(age)03d" % {"name": "Bo", "age": 7}, "%r %a" % ("é", "é"), "%s" % (("t", 1),), "%*d" % (6, 42))
print("%.3s|%8.3s|%-8s|%#x|% d|%g|%g" % ("abcdef", "abcdef", "ab", 255, 3, 1e-5, 100000.0))


class Default(dict):
    def __missing__(self, key):
        return f"<{key}?>"


print("{a} and {b}".format_map(Default(a=1)))
t = Template("$who owes ${amount} euros, $$5 fee, $missing")
print(t.safe_substitute(who="Al", amount=12))
try:
    t.substitute(who="Al", amount=12)
except KeyError as err:
    print("missing", err)
for bad in ("{} {}", "{name}", "{0} {}", "{"):
    try:
        bad.format("one")
    except (IndexError, KeyError, ValueError) as err:
        print(type(err).__name__, end=" ")
print()
