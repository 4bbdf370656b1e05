# StringIO, BytesIO, TextIOWrapper and print to a stream
import io

s = io.StringIO("first\nsecond\r\nthird")
print(s.readline(), [line for line in s], s.read() == "")
s.seek(0)
print(s.read(3), s.tell(), s.readlines(), s.getvalue()[:5])
out = io.StringIO()
print("a", 1, None, sep="|", end="#", file=out)
out.write("é\n")
out.writelines(["x", "y"])
print(repr(out.getvalue()), out.tell(), out.truncate(3), repr(out.getvalue()))
b = io.BytesIO(b"\x00\x01data")
b.seek(2)
print(b.read(2), b.tell(), b.getbuffer().nbytes, b.seek(-1, io.SEEK_END), b.read(), b.read())
b.write(b"!!")
print(b.getvalue())
text = io.TextIOWrapper(io.BytesIO("naïve\nå".encode("latin-1")), encoding="latin-1")
print(text.readlines())
with io.StringIO() as temp:
    temp.write("gone")
print(temp.closed)
try:
    temp.read()
except ValueError:
    print("closed")
r = io.BufferedReader(io.BytesIO(b"line1\nline2\n"))
print(r.peek()[:5], r.readline(), list(r))
sink = io.BytesIO()
w = io.TextIOWrapper(sink, encoding="utf-8", newline="\r\n")
w.write("a\nb\n")
w.flush()
print(sink.getvalue(), s.seekable(), s.writable())
