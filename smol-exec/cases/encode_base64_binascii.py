# base64 and binascii
import base64
import binascii

raw = b"any carnal \xff\x00 pleasure?>"
for name in ("b64encode", "urlsafe_b64encode", "b32encode", "b16encode", "a85encode", "b85encode"):
    coded = getattr(base64, name)(raw)
    print(name, coded.decode(), getattr(base64, name.replace("encode", "decode"))(coded) == raw)
print([base64.b64encode(b"x" * n) for n in range(4)], base64.b64decode("aGk="), base64.b64decode("a G\nk="))
print(binascii.hexlify(b"\x01\xfe"), binascii.unhexlify("0aFF"), binascii.crc32(b"hello"), binascii.b2a_base64(b"abc", newline=False))
print(base64.b64encode("naïve".encode()).decode(), base64.b64decode("bmHDr3Zl").decode(), binascii.crc_hqx(b"123456789", 0))
for bad in ("abc", "a"):
    try:
        base64.b64decode(bad)
    except binascii.Error:
        print("bad base64", bad)
try:
    binascii.unhexlify("abc")
except binascii.Error:
    print("odd hex")
