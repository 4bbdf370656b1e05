# hashlib and hmac
import hashlib
import hmac

for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2s"):
    digest = hashlib.new(name, b"hello").hexdigest()
    print(f"{name:9}{len(digest):4} {digest[:24]}")
h = hashlib.sha256()
h.update(b"hel")
copy = h.copy()
h.update(b"lo")
print(h.hexdigest() == hashlib.sha256(b"hello").hexdigest(), copy.digest()[:4], h.digest_size, h.block_size, h.name)
print(hashlib.blake2b("text".encode(), digest_size=8, key=b"k").hexdigest(), hashlib.shake_128(b"a").hexdigest(6))
mac = hmac.new(b"secret", b"message", hashlib.sha256)
print(mac.hexdigest()[:32], hmac.compare_digest(mac.digest(), hmac.digest(b"secret", b"message", "sha256")))
print(hashlib.md5(b"").hexdigest(), "sha256" in hashlib.algorithms_guaranteed)


def chain(blocks):
    previous = "0" * 8
    for block in blocks:
        previous = hashlib.sha256((previous + block).encode()).hexdigest()[:8]
        yield previous


print(list(chain(["pay 5", "pay 7"])), list(chain(["pay 5", "pay 8"])))
