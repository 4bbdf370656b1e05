# a stack language interpreter with definitions, conditionals and loops
def run(source, stack=None, words=None):
    stack, words, output = stack if stack is not None else [], words if words is not None else {}, []

    def pop2():
        b, a = stack.pop(), stack.pop()
        return a, b

    def match_end(tokens, i):
        depth = 1
        while depth:
            i += 1
            depth += (tokens[i] == "[") - (tokens[i] == "]")
        return i

    basic = {
        "+": lambda: stack.append((lambda p: p[0] + p[1])(pop2())),
        "-": lambda: stack.append((lambda p: p[0] - p[1])(pop2())),
        "*": lambda: stack.append((lambda p: p[0] * p[1])(pop2())),
        "<": lambda: stack.append(int((lambda p: p[0] < p[1])(pop2()))),
        "dup": lambda: stack.append(stack[-1]),
        "swap": lambda: stack.extend(pop2()[::-1]),
        "drop": lambda: stack.pop(),
        ".": lambda: output.append(str(stack.pop())),
    }

    def execute(tokens):
        i = 0
        while i < len(tokens):
            t = tokens[i]
            if t == "[":
                end = match_end(tokens, i)
                stack.append(tokens[i + 1:end])
                i = end
            elif t == "times":
                count, body = stack.pop(), stack.pop()
                for _ in range(count):
                    execute(body)
            elif t == "if":
                body, flag = stack.pop(), stack.pop()
                if flag:
                    execute(body)
            elif t == "def":
                words[tokens[i + 1]] = stack.pop()
                i += 1
            elif t in words:
                execute(words[t])
            elif t in basic:
                basic[t]()
            else:
                stack.append(int(t))
            i += 1

    execute(source.split())
    return " ".join(output), stack


print(run("2 3 + 4 * . 7"))
print(run("[ dup * ] def sq 9 sq . 3 sq sq ."))
print(run("1 [ dup . 2 * ] 6 times"))
print(run("[ dup 10 < [ 99 . ] if . ] def small 5 small 15 small"))
print(run("1 10 [ swap dup . 3 * swap 1 - ] 4 times"))
for bad in ("+", "x", "1 ["):
    try:
        run(bad)
    except (IndexError, ValueError) as err:
        print(repr(bad), type(err).__name__)
