# zlib compression round trips (zlib may be missing from a small build)
import zlib

data = b"repetition " * 200
packed = zlib.compress(data, 9)
print(len(data), len(packed) < 60, zlib.decompress(packed) == data)
print(zlib.crc32(b"hello"), zlib.adler32(b"hello"), zlib.crc32(b"lo", zlib.crc32(b"hel")) == zlib.crc32(b"hello"))
c, d = zlib.compressobj(), zlib.decompressobj()
stream = b"".join(c.compress(data[i:i + 100]) for i in range(0, len(data), 100)) + c.flush()
print(b"".join([d.decompress(stream[:10]), d.decompress(stream[10:])]) == data, d.eof)
try:
    zlib.decompress(b"not compressed")
except zlib.error:
    print("zlib.error")
