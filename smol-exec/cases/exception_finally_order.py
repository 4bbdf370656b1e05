# the order in which try, except, else and finally run
def path(kind):
    trail = []
    try:
        trail.append("try")
        if kind == "raise":
            raise ValueError
        if kind == "return":
            return trail
    except ValueError:
        trail.append("except")
    else:
        trail.append("else")
    finally:
        trail.append("finally")
    trail.append("end")
    return trail


for kind in ("plain", "raise", "return"):
    print(kind, path(kind))


def value():
    x = 1
    try:
        return x
    finally:
        x = 2
        print("finally sets", x)


print(value())
out = []
for i in range(4):
    try:
        if i == 1:
            continue
        if i == 3:
            break
        out.append(i)
    finally:
        out.append(f"f{i}")
print(out)
try:
    try:
        raise KeyError("first")
    finally:
        print("inner finally")
except KeyError as err:
    print("outer sees", err)
try:
    err
except NameError:
    print("err is gone after its handler")
