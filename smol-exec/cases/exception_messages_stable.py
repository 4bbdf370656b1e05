# texts of common errors which agents read and react to
def text_of(action):
    try:
        action()
    except Exception as err:
        return f"{type(err).__name__}: {err}"


data = {"name": "Ann"}
print(text_of(lambda: data["age"]))
print(text_of(lambda: [1, 2][5]))
print(text_of(lambda: (1,)[3]))
print(text_of(lambda: "abc"[9]))
print(text_of(lambda: int("12a")))
print(text_of(lambda: float("one")))
print(text_of(lambda: 1 / 0))
print(text_of(lambda: "a" + 1))
print(text_of(lambda: 1 + "a"))
print(text_of(lambda: undefined_thing))
print(text_of(lambda: None.strip()))
print(text_of(lambda: [].pop()))
print(text_of(lambda: {}.popitem()))
print(text_of(lambda: len(3)))
print(text_of(lambda: data()))
print(text_of(lambda: "x" < 3))
print(text_of(lambda: "abc".index("z")))
print(text_of(lambda: max([])).split(":")[0])
print(text_of(lambda: (_ for _ in ()).throw(RuntimeError("custom"))))
print(text_of(lambda: exec("assert 1 == 2, 'numbers differ'")))
