# which of __repr__ and __str__ is used where
class Both:
    def __repr__(self):
        return "<repr>"

    def __str__(self):
        return "<str>"


class OnlyRepr:
    def __repr__(self):
        return "OnlyRepr()"


class OnlyStr:
    def __str__(self):
        return "only str"


b = Both()
print(b, [b], (b,), {"k": b})
print(str(b), repr(b), f"{b}", f"{b!r}", f"{b!s:>8}|", "%s %r" % (b, b))
print("{} {!r}".format(b, b), "{0!s}-{0!a}".format(b))
o = OnlyRepr()
print(o, str(o), [o], f"{o}")
print(OnlyStr(), str(OnlyStr()), repr(OnlyStr()).startswith("<"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), ascii("naïve ☃"))
print(repr("tab\tnew\nnull\0bell\a\x7f"), repr(b"\x00\xffA\n"))
