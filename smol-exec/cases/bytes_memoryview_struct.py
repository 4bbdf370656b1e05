# memoryview without copying, and struct packing
import struct

data = bytearray(range(10))
view = memoryview(data)
part = view[2:6]
part[0] = 99
print(data, part.tolist(), len(part), view.nbytes, part.readonly, memoryview(b"x").readonly)
words = memoryview(bytearray(8)).cast("I")
words[1] = 7
print(words.tolist(), words.itemsize, words.format, words.tobytes())
try:
    memoryview(b"abc")[0] = 1
except TypeError:
    print("read only")
print(bytes(view[::-3]), view[0:2] == b"\x00\x01", bytes(part))
packed = struct.pack("<HhIq?3sf", 1, -2, 70000, -5, True, b"abcd", 1.5)
print(packed, len(packed), struct.calcsize("<HhIq?3sf"))
print(struct.unpack("<HhIq?3sf", packed))
print(struct.pack(">I", 1), struct.pack("!d", -2.0), struct.unpack(">2H", b"\x01\x02\x03\x04"))
point = struct.Struct("<ii")
print([point.unpack_from(point.pack(3, -4) * 2, off) for off in (0, 8)], list(point.iter_unpack(point.pack(1, 2) * 2)))
for fmt, args in [("<B", (256,)), ("<I", (-1,)), ("<H", ("x",))]:
    try:
        struct.pack(fmt, *args)
    except struct.error:
        print("struct.error", fmt)
