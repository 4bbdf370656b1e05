# code points beyond the basic plane, surrogates, lengths and encodings
flag, family, thumb = "🇳🇴", "👨‍👩‍👧", "👍🏽"
for text in (flag, family, thumb, "Ω", "𝔘"):
    print(text, len(text), len(text.encode("utf-8")), len(text.encode("utf-16-le")) // 2, [hex(ord(c)) for c in text])
print("naïve ☕ 中文 עברית".upper(), "中文"[::-1], "ñ" in "mañana", "日本語".find("語"), "Ünïcödé".isalpha())
print(ascii("é☃😀"), "\u00e9" == "é", "\U0001F600" == "😀", "\x41\101", len("\ud83d"))
print("é".encode("utf-8"), "é".encode("latin-1"), "é".encode("cp1252"), "😀".encode("utf-8").hex(" "))
try:
    "\ud83d".encode("utf-8")
except UnicodeEncodeError as err:
    print(err.reason, err.start)
print(sorted(["éa", "ea", "za", "Za", "ä"]), sorted(["b", "A", "a", "B"], key=str.casefold))
print(f"{'中':>4}|{'é':*^5}|{'👍':<3}|", "Größe".center(11, "·"), "I".lower(), "ﬀ".upper(), "ŉ".upper() == "ʼN")
