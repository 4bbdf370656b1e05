# unicodedata: names, categories, normal forms, stripping accents
import unicodedata

for ch in "Aé9½٣ß€漢 \u0301😀":
    print(f"U+{ord(ch):04X} {unicodedata.category(ch)} {unicodedata.name(ch)} {unicodedata.numeric(ch, None)}")
one, two = "café", "cafe\u0301"
print(one == two, len(one), len(two), [unicodedata.normalize(f, two) == one for f in ("NFC", "NFD", "NFKC", "NFKD")])
print(unicodedata.normalize("NFKC", "ﬁ ① Ⅳ ｗ x²"), unicodedata.is_normalized("NFC", two))


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


print(plain("Ångström Żółć naïve"), unicodedata.lookup("SNOWMAN"), "\N{GREEK SMALL LETTER PI}")
print(unicodedata.bidirectional("א"), unicodedata.east_asian_width("漢"), unicodedata.mirrored("("), unicodedata.decimal("٣"))
