# urllib.parse: split, join, quote, query strings
from urllib.parse import parse_qs, parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode, urljoin, urlparse, urlsplit, urlunparse

u = urlparse("https://user:pw@Example.com:8080/a/b;p?q=1&r=two%20x#frag")
print(u.scheme, u.netloc, u.hostname, u.port, u.path, u.params, u.query, u.fragment, u.username)
print(urlunparse(u), u._replace(scheme="http", query="").geturl())
print(urlsplit("//cdn.net/x")[1:3], urlsplit("mailto:a@b.c").path, urlparse("no scheme").path)
print(parse_qs("a=1&b=2&a=3&c="), parse_qsl("x=%C3%A9+y&z=1%262"), parse_qs("c=", keep_blank_values=True))
print(urlencode({"q": "a b&c", "n": 5, "u": "é"}), urlencode({"k": [1, 2]}, doseq=True), urlencode([("a", "x/y")], safe="/"))
print(quote("a b/ç?"), quote("a/b", safe=""), quote_plus("a b+c"), unquote("%7Ex%20%E2%98%83"), unquote_plus("a+b%2B"))
base = "http://site.org/docs/guide/index.html"
print([urljoin(base, r) for r in ("page.html", "../img/x.png", "/root", "//other.net/z", "?q=2", "#top", "http://a.b/c")])
