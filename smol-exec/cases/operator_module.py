# itemgetter, attrgetter, methodcaller and operator functions
import operator
from operator import attrgetter, itemgetter, methodcaller
from types import SimpleNamespace

rows = [("b", 2, "x"), ("a", 2, "y"), ("c", 1, "z")]
print(sorted(rows, key=itemgetter(1, 0)), list(map(itemgetter(-1), rows)), itemgetter(slice(1, 3))("hello"))
people = [SimpleNamespace(name=SimpleNamespace(first=f, last=l), age=a) for f, l, a in [("Bo", "Li", 40), ("Al", "Wu", 31)]]
print([p.name.last for p in sorted(people, key=attrgetter("age"))], attrgetter("name.first", "age")(people[0]))
print(list(map(methodcaller("replace", "a", "4"), ["banana", "tea"])), methodcaller("split", sep="-")("x-y"))
print(operator.add(2, 3), operator.floordiv(7, 2), operator.contains([1], 1), operator.concat("a", "b"), operator.not_(0), operator.xor(6, 3))
print(operator.truth([]), operator.is_(None, None), operator.countOf([1, 2, 1], 1), operator.indexOf("abc", "c"), operator.index(True), operator.inv(5))
a = [1]
b = operator.iadd(a, [2])
operator.setitem(a, 0, "s")
print(a, b is a, operator.getitem({"k": 1}, "k"), operator.neg(4), operator.pow(2, 5), operator.matmul.__name__)
ops = {"<": operator.lt, ">=": operator.ge, "!=": operator.ne, "<<": operator.lshift}
print({s: f(3, 2) for s, f in ops.items()})
