# infix to postfix, evaluation of postfix and balanced brackets
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}


def postfix(tokens):
    out, stack = [], []
    for t in tokens:
        if t in PRECEDENCE:
            while stack and stack[-1] != "(" and (PRECEDENCE[stack[-1]] > PRECEDENCE[t] or PRECEDENCE[stack[-1]] == PRECEDENCE[t] and t != "^"):
                out.append(stack.pop())
            stack.append(t)
        elif t == "(":
            stack.append(t)
        elif t == ")":
            while stack[-1] != "(":
                out.append(stack.pop())
            stack.pop()
        else:
            out.append(t)
    return out + stack[::-1]


def evaluate(tokens):
    stack = []
    for t in tokens:
        if t in PRECEDENCE:
            b, a = stack.pop(), stack.pop()
            stack.append({"+": a + b, "-": a - b, "*": a * b, "/": a // b if b else None, "^": a ** b if b < 50 else None}[t])
        else:
            stack.append(int(t))
    (result,) = stack
    return result


def balanced(text):
    pairs, stack = {")": "(", "]": "[", "}": "{"}, []
    for i, ch in enumerate(text):
        if ch in "([{":
            stack.append(ch)
        elif ch in pairs and (not stack or stack.pop() != pairs[ch]):
            return f"bad at {i}"
    return "open" if stack else "ok"


for text in ("1 + 2 * 3", "( 1 + 2 ) * 3", "2 ^ 3 ^ 2", "100 - 20 - 5 * ( 8 - 6 ) / 3"):
    rpn = postfix(text.split())
    print(f"{text:30} {' '.join(rpn):22} {evaluate(rpn)}")
print([balanced(t) for t in ("{[()]}", "(]", "((", "", "a(b)c}")])
