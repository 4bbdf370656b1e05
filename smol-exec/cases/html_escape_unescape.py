# html.escape and unescape, building a small page
import html

print(html.escape('<a href="x?a=1&b=2">it\'s</a>'), html.escape('"q"', quote=False))
print(html.unescape("&lt;b&gt; &amp;amp; &quot;&#39;&#x2603; &eacute;&nbsp;| &notanentity; &copy"))
rows = [("A & B", 3), ("<script>", 1)]
cells = "\n".join(f"  <tr><td>{html.escape(name)}</td><td>{n}</td></tr>" for name, n in rows)
page = f"<table>\n{cells}\n</table>"
print(page)
print(html.unescape(page).count("<script>"), html.unescape(html.escape("round & trip <3")))
