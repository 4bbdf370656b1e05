# extract links, headings and a table from HTML text with regular expressions
import html
import re
from urllib.parse import urljoin

PAGE = """<html><head><title>Fish &amp; Chips</title></head><body>
<h1 class="top">Menu</h1><p>See <a href="/about">about&nbsp;us</a> or <a class='x' href='https://other.org/?a=1&amp;b=2'>friends</a>.</p>
<h2>Prices</h2>
<table><tr><th>Dish</th><th>Price</th></tr>
<tr><td>Cod</td><td>&pound;9.50</td></tr><tr><td><b>Peas</b> (mushy)</td><td>&pound;1.25</td></tr></table>
<!-- <a href="hidden">no</a> --><script>var a = "<h1>not me</h1>";</script>
</body></html>"""


def text_of(fragment):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", fragment)).split())


clean = re.sub(r"<!--.*?-->|<script.*?</script>", "", PAGE, flags=re.S)
print(text_of(re.search(r"<title>(.*?)</title>", clean)[1]))
for level, body in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", clean):
    print("#" * int(level), text_of(body))
for _, href, label in re.findall(r"""<a\b[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)</a>""", clean):
    print(text_of(label), "->", urljoin("http://shop.example/menu/", html.unescape(href)))
rows = [[text_of(c) for c in re.findall(r"<t[dh]>(.*?)</t[dh]>", row)] for row in re.findall(r"<tr>(.*?)</tr>", clean, re.S)]
header, *body = rows
records = [dict(zip(header, row)) for row in body]
print(records)
print(f"{sum(float(r['Price'].lstrip('£')) for r in records):.2f}", len(text_of(clean).split()))
