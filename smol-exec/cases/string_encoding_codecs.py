# codecs: rot13, bom handling, incremental decoding, idna-free
import codecs

print(codecs.encode("Hello", "rot13"), codecs.decode("68656c6c6f", "hex"), codecs.encode(b"hi", "base64"))
print("\ufeffx".encode("utf-8").decode("utf-8-sig"), "x".encode("utf-8-sig"), codecs.BOM_UTF8)
dec = codecs.getincrementaldecoder("utf-8")()
parts = ["é☃".encode()[i:i + 1] for i in range(5)]
print([dec.decode(p) for p in parts])
print("\\n\\x41\\u00e9".encode().decode("unicode_escape"), "é\n".encode("unicode_escape"), codecs.lookup("UTF8").name, codecs.lookup("latin1").name)
codecs.register_error("stars", lambda err: ("*" * (err.end - err.start), err.end))
print("naïve ☃!".encode("ascii", "stars"), "a\udc80".encode("utf-8", "surrogateescape"), b"\x80".decode("utf-8", "surrogateescape") == "\udc80")
print("ñ".encode("cp437"), b"\xcf\xf0".decode("cp1251"), "Привет".encode("koi8-r").hex(), "€".encode("iso8859-15"))
try:
    "x".encode("no-such-codec")
except LookupError as err:
    print(err)
