# xml.etree: parse, navigate, modify, serialise
import xml.etree.ElementTree as ET

source = """<shop name="corner">
  <item id="1" price="2.50">Tea<note>green &amp; black</note></item>
  <item id="2" price="0.99">Salt</item>
  <staff><person>Jo</person><person>Al</person></staff>
</shop>"""
root = ET.fromstring(source)
print(root.tag, root.attrib, len(root), [child.tag for child in root])
for item in root.findall("item"):
    print(item.get("id"), item.text, float(item.get("price")), item.findtext("note", "-"), item.get("zz", "none"))
print([p.text for p in root.iter("person")], root.find("staff/person[2]").text, root.find("item[@id='2']").text, root.find("nope"))
print([e.tag for e in root.iter()])
new = ET.SubElement(root, "item", {"id": "3"})
new.text, new.tail = "Jam <3", "\n"
new.set("price", "4")
root.remove(root.find("staff"))
print(ET.tostring(root, encoding="unicode"))
tree = ET.Element("a")
ET.SubElement(ET.SubElement(tree, "b"), "c").text = "é"
ET.indent(tree)
print(ET.tostring(tree, encoding="unicode"), ET.tostring(tree.find("b/c")))
ns = ET.fromstring('<r xmlns:x="urn:x"><x:k>1</x:k></r>')
print(ns[0].tag, ns.find("p:k", {"p": "urn:x"}).text)
try:
    ET.fromstring("<a><b></a>")
except ET.ParseError as err:
    print("parse error at", err.position)
