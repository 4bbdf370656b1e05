# recursive descent calculator with variables and functions
import math
import re


class Calc:
    def __init__(self):
        self.names = {"pi": math.pi}
        self.functions = {"sqrt": math.sqrt, "max": max, "abs": abs}

    def run(self, text):
        self.tokens = re.findall(r"\d+\.?\d*|\w+|\*\*|\S", text) + ["end"]
        self.pos = 0
        if len(self.tokens) > 2 and self.tokens[1] == "=":
            name = self.take()
            self.take()
            value = self.names[name] = self.sum()
        else:
            value = self.sum()
        if self.peek() != "end":
            raise SyntaxError(f"unexpected {self.peek()!r}")
        return value

    def peek(self):
        return self.tokens[self.pos]

    def take(self, *wanted):
        token = self.peek()
        if wanted and token not in wanted:
            raise SyntaxError(f"expected {wanted[0]!r}, found {token!r}")
        self.pos += 1
        return token

    def sum(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self):
        value = self.unary()
        while self.peek() in ("*", "/", "%"):
            op, right = self.take(), self.unary()
            value = value * right if op == "*" else value / right if op == "/" else value % right
        return value

    def unary(self):
        if self.peek() == "-":
            self.take()
            return -self.unary()
        base = self.atom()
        if self.peek() in ("^", "**"):
            self.take()
            return base ** self.unary()
        return base

    def atom(self):
        token = self.take()
        if token == "(":
            value = self.sum()
            self.take(")")
            return value
        if token in self.functions:
            self.take("(")
            args = [self.sum()]
            while self.take(",", ")") == ",":
                args.append(self.sum())
            return self.functions[token](*args)
        if token[0].isdigit():
            return float(token) if "." in token else int(token)
        return self.names[token]


calc = Calc()
for line in ["1 + 2 * 3", "(1 + 2) * 3", "-2 ^ 2", "2 ** 3 ** 2", "r = 1.5", "2 * r * 4", "10 % 4 - 8 / 2", "max(1, sqrt(16), r) - abs(-3)", "(1 + 2", "4 $ 4", "zz + 1", "1 / 0"]:
    try:
        print(line, "=>", calc.run(line))
    except (SyntaxError, KeyError, ZeroDivisionError) as err:
        print(line, "=> error", type(err).__name__, err.args[0] if not isinstance(err, ZeroDivisionError) else "")
