# ast: parse, walk, visitors, transformers, unparse, literal_eval
import ast

code = """
import math, os.path as p
from json import loads
def area(r, *, scale=1):
    total = math.pi * r ** 2
    return loads(str(total)) + helper(scale)
class K:
    x: int = 3
    def m(self): return [area(i) for i in range(3) if i]
"""
tree = ast.parse(code)
print([type(n).__name__ for n in tree.body])


class Finder(ast.NodeVisitor):
    def __init__(self):
        self.calls, self.depth, self.deepest = [], 0, 0

    def visit_Call(self, node):
        self.calls.append(ast.unparse(node.func))
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.depth += 1
        self.deepest = max(self.deepest, self.depth)
        print("def", node.name, [a.arg for a in node.args.args], "line", node.lineno)
        self.generic_visit(node)
        self.depth -= 1


finder = Finder()
finder.visit(tree)
print(finder.calls, finder.deepest)
print(sorted({a.name for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names}))


class Swap(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Add):
            node.op = ast.Mult()
        return node


changed = ast.fix_missing_locations(Swap().visit(ast.parse("a + b + 2 - c", mode="eval")))
print(ast.unparse(changed), eval(compile(changed, "<ast>", "eval"), {"a": 2, "b": 3, "c": 1}))
print(ast.literal_eval("{'a': [1, -2.5, (None, True)], b'k': {1}}"))
for bad in ("open('x')", "a + 1", "[1, 2"):
    try:
        ast.literal_eval(bad)
    except (ValueError, SyntaxError) as err:
        print(bad, "->", type(err).__name__)
