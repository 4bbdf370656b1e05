# uuid5 and uuid fields; ipaddress networks
import ipaddress
import uuid

u = uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")
print(u, u.version, u == uuid.UUID(str(u)), u.hex[:8], uuid.uuid3(uuid.NAMESPACE_URL, "http://x"))
print(uuid.UUID(int=5), uuid.UUID("{12345678-1234-5678-1234-567812345678}").fields[0], u.bytes[:2], uuid.UUID(bytes=bytes(range(16))).urn)
a = ipaddress.ip_address("192.168.1.10")
net = ipaddress.ip_network("192.168.1.0/28")
print(a in net, int(a), a + 5, net.num_addresses, net.netmask, net.broadcast_address, [str(h) for h in net.hosts()][:3], a.version)
print([str(n) for n in net.subnets(new_prefix=30)], net.supernet(), net.overlaps(ipaddress.ip_network("192.168.1.8/29")))
v6 = ipaddress.ip_address("2001:db8::1")
print(v6, v6.exploded, ipaddress.ip_network("10.0.0.7/8", strict=False), sorted([ipaddress.ip_address(t) for t in ("10.0.0.2", "9.0.0.1")])[0])
for bad in ("300.1.1.1", "1.2.3", "10.0.0.1/8"):
    try:
        ipaddress.ip_network(bad)
    except ValueError:
        print("invalid", bad)
print([str(n) for n in ipaddress.collapse_addresses([ipaddress.ip_network("10.0.0.0/25"), ipaddress.ip_network("10.0.0.128/25")])])
