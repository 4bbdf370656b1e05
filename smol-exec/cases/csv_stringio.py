# csv readers, writers, dict variants, quoting, dialects and sniffing
import csv
import io

text = 'name,qty,note\n"Smith, J",3,"said ""hi"""\nLee,10,"two\nlines"\n'
rows = list(csv.reader(io.StringIO(text)))
print(rows)
for row in csv.DictReader(io.StringIO(text)):
    print(row["name"], int(row["qty"]) * 2, repr(row["note"]))
out = io.StringIO()
writer = csv.writer(out, lineterminator="\n")
writer.writerow(["a,b", 'q"q', 1.5, None, "x\ny"])
writer.writerows([[1, 2], ["plain", True]])
print(out.getvalue())
out = io.StringIO()
d = csv.DictWriter(out, ["id", "v"], extrasaction="ignore", restval="-", delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
d.writeheader()
d.writerows([{"id": 1, "v": "x;y"}, {"id": 2, "zz": 0}])
print(repr(out.getvalue()))
print(list(csv.reader(["1|'a|b'|3"], delimiter="|", quotechar="'")), list(csv.reader(["1,2.5,\"x\""], quoting=csv.QUOTE_NONNUMERIC)))
short = csv.DictReader(io.StringIO("a,b\n1\n1,2,3\n"))
print([dict(r) for r in short], short.fieldnames)
print(csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n").delimiter)
