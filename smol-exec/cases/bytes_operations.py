# bytes and bytearray: literals, methods, mutation, hex, encoding errors
b = b"caf\xc3\xa9 \x00\t"
print(b, len(b), b[0], b[:3], b.decode("utf-8")[:4], list(b"AZ"))
print(bytes(3), bytes([65, 66]), bytes("ñ", "latin-1"), "€".encode(), "€".encode("utf-16-be"), bytes.fromhex("de ad BE ef"))
print(b.hex(), b"\x01\xab".hex(":"), b"abc".upper(), b"a,b".split(b","), b"-".join([b"x", b"y"]), b" x ".strip())
for errors in ("ignore", "replace", "xmlcharrefreplace", "backslashreplace"):
    print(errors, "naïve €".encode("ascii", errors))
print(b"ok \xff".decode("utf-8", "replace"), b"\xff".decode("latin-1"), b"\xff".decode("utf-8", "backslashreplace"))
try:
    b"\xff\xfe".decode()
except UnicodeDecodeError as err:
    print(err.reason, err.start, err.encoding)
a = bytearray(b"hello")
a[0] = ord("J")
a += b" you"
a[1:3] = b"--"
del a[-1]
a.append(33)
a.extend([33, 33])
print(a, a.find(b"yo"), bytes(a).title(), a.pop(), a.replace(b"-", b"+"))
print(b"a" < b"b", b"a" == "a", b"a" + bytearray(b"b"), 97 in b"abc", b"bc" in b"abc", b"%d-%s" % (5, b"x"))
print(int.from_bytes(b"\x01\x00", "big"), (1000).to_bytes(2, "little"), int.from_bytes(b"\xff", "big", signed=True), b"x" * 3)
